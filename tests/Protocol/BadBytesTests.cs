using Google.Protobuf;

namespace Inspection.Protocol.Tests;

public sealed class BadBytesTests
{
    [Fact]
    public void An_unknown_manifest_is_named()
    {
        var e = Assert.Throws<ProtocolException>(() => ProtocolCodec.Decode("ZZ", new byte[] { 1 }));
        Assert.Contains("'ZZ'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_without_a_wire_form_is_named()
    {
        var e = Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(new { A = 1 }));
        Assert.Contains("no wire form", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_bytes_of_any_message_are_an_error_or_another_whole_message_and_nothing_else()
    {
        foreach (var type in Fill.MessageTypes)
        {
            var message = new Fill(3).Message(type);
            var bytes = ProtocolCodec.Encode(message);
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes.AsMemory(0, length);
                var outcome = Record.Exception(() => ProtocolCodec.Decode(ProtocolCodec.ManifestOf(message), cut));
                Assert.True(outcome is null or ProtocolException, $"{type.Name} cut to {length} bytes: {outcome}");
            }
        }
    }

    [Fact]
    public void Any_flipped_byte_of_any_message_is_an_error_or_another_whole_message_and_nothing_else()
    {
        foreach (var type in Fill.MessageTypes)
        {
            var message = new Fill(4).Message(type);
            var bytes = ProtocolCodec.Encode(message);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x55;
                var outcome = Record.Exception(() => ProtocolCodec.Decode(ProtocolCodec.ManifestOf(message), bytes));
                Assert.True(outcome is null or ProtocolException, $"{type.Name} with byte {i} flipped: {outcome}");
                bytes[i] ^= 0x55;
            }
        }
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData("")]
    [InlineData("a b")]
    public void An_invalid_id_never_comes_out_of_a_message(string line)
    {
        var bytes = new Wire.GetLineStatus { Line = line }.ToByteArray();
        var e = Assert.Throws<ProtocolException>(() => ProtocolCodec.Decode("QLS", bytes));
        Assert.Contains("line", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_read_back_is_not_written()
    {
        var part = (PartConcluded)new Fill(5).Message(typeof(PartConcluded));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(part with { Conclusion = default }));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(part with { Disposition = default }));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(part with { Key = default }));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(part with { Reason = null! }));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(part with { Views = null! }));
        Assert.Throws<ProtocolException>(() => ProtocolCodec.Encode(new GateActed(1, new StationId("s"), 1, 1, 9, [1])));
    }
}
