namespace Inspection.Protocol.Tests;

public sealed class GoldenTests
{
    private static readonly string _path = Path.Combine(Contract.Folder(), "golden.records");

    [Fact]
    public void Records_written_once_decode_for_ever()
    {
        var lines = File.Exists(_path) ? File.ReadAllLines(_path).Where(l => l.Length > 0).ToList() : [];
        var chain = new ChainWriter(GoldenEvents.Line);
        for (var i = 0; i < lines.Count; i++)
        {
            var (manifest, hex) = (lines[i].Split(' ')[0], lines[i].Split(' ')[1]);
            Assert.Equal(GoldenEvents.All[i], chain.Accept(new Sealed(manifest, Convert.FromHexString(hex))).Event);
        }

        if (lines.Count < GoldenEvents.All.Count && Contract.MayRewrite)
        {
            File.AppendAllLines(_path, GoldenEvents.All.Skip(lines.Count).Select(chain.Seal).Select(s => $"{s.Manifest} {Convert.ToHexStringLower(s.Bytes.Span)}"));
            return;
        }

        Assert.True(lines.Count == GoldenEvents.All.Count, $"{GoldenEvents.All.Count - lines.Count} golden events have no stored record: run the tests once with {Contract.RewriteVariable}=1 and commit the file");
    }

    [Fact]
    public void Every_kind_of_event_has_a_golden_record() => Assert.Equal(
        Fill.MessageTypes.Where(t => typeof(ILineEvent).IsAssignableFrom(t)).ToHashSet(),
        GoldenEvents.All.Select(e => e.GetType()).ToHashSet());

    [Fact]
    public void A_NaN_in_a_golden_record_keeps_its_bits()
    {
        var part = GoldenEvents.All.OfType<PartConcluded>().Single();
        Assert.Equal(0x7FC0_1234u, BitConverter.SingleToUInt32Bits(part.Views[0].OodScore));
        var back = (PartConcluded)ProtocolCodec.Decode("PC", ProtocolCodec.Encode(part));
        Assert.Equal(0x7FC0_1234u, BitConverter.SingleToUInt32Bits(back.Views[0].OodScore));
    }
}
