namespace Inspection.Protocol.Tests;

public sealed class ChainTests
{
    private static readonly LineId _line = new("tile");

    [Fact]
    public void A_chain_reads_back_as_it_was_sealed()
    {
        var (events, stored) = Chain();
        var reader = new ChainWriter(_line);
        for (var i = 0; i < stored.Length; i++)
        {
            var record = reader.Accept(stored[i]);
            Assert.Equal(events[i], record.Event);
            Assert.Equal(i + 1, record.Sequence);
            Assert.Equal(Digest.Of(stored[i].Bytes.Span), record.Hash);
        }

        Assert.Equal(stored.Length + 1, reader.NextSequence);
    }

    [Fact]
    public void Every_flipped_bit_of_every_record_is_found_in_that_record()
    {
        var (_, stored) = Chain();
        for (var n = 0; n < stored.Length; n++)
        {
            var before = n == 0 ? Digest.None : Digest.Of(stored[n - 1].Bytes.Span);
            var bytes = stored[n].Bytes.ToArray();
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
                var e = Assert.Throws<BrokenChainException>(() => ChainReader.Read(_line, n + 1, before, stored[n] with { Bytes = bytes }));
                Assert.Equal((_line, n + 1, ChainFault.Damaged), (e.Line, e.Sequence, e.Fault));
                bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
            }
        }
    }

    [Fact]
    public void A_record_in_another_place_is_refused_by_what_differs()
    {
        var (_, stored) = Chain();
        var first = Digest.Of(stored[0].Bytes.Span);
        Assert.Equal(ChainFault.Line, Fault(() => ChainReader.Read(new LineId("other"), 2, first, stored[1])));
        Assert.Equal(ChainFault.Sequence, Fault(() => ChainReader.Read(_line, 3, first, stored[1])));
        Assert.Equal(ChainFault.Previous, Fault(() => ChainReader.Read(_line, 2, Digest.Of([1]), stored[1])));
        Assert.Equal(ChainFault.Manifest, Fault(() => ChainReader.Read(_line, 2, first, stored[1] with { Manifest = "TS" == stored[1].Manifest ? "EG" : "TS" })));
        Assert.Equal(ChainFault.Damaged, Fault(() => ChainReader.Read(_line, 2, first, new Sealed("PC", ReadOnlyMemory<byte>.Empty))));
    }

    [Fact]
    public void An_event_that_cannot_be_read_back_is_not_sealed_and_the_chain_stays_where_it_was()
    {
        var writer = new ChainWriter(_line);
        _ = writer.Seal(new EpochGranted(1, new StationId("s"), 1, new NodeId("n"), "i"));
        var (next, head) = (writer.NextSequence, writer.Head);

        Assert.Throws<ProtocolException>(() => writer.Seal(new EpochGranted(1, default, 2, new NodeId("n"), "i")));

        Assert.Equal((next, head), (writer.NextSequence, writer.Head));
    }

    [Fact]
    public void A_chain_goes_on_from_where_another_writer_ended()
    {
        var (_, stored) = Chain();
        var reader = new ChainWriter(_line);
        foreach (var record in stored)
        {
            _ = reader.Accept(record);
        }

        var next = new ChainWriter(_line, reader.NextSequence, reader.Head).Seal(new EpochGranted(1, new StationId("s"), 9, new NodeId("n"), "i"));
        Assert.Equal(stored.Length + 1, reader.Accept(next).Sequence);
    }

    private static ChainFault Fault(Func<ChainRecord> read) => Assert.Throws<BrokenChainException>(read).Fault;

    private static (ILineEvent[] Events, Sealed[] Stored) Chain()
    {
        var events = Fill.MessageTypes.Where(t => typeof(ILineEvent).IsAssignableFrom(t)).Select(t => (ILineEvent)new Fill(11).Message(t)).ToArray();
        var writer = new ChainWriter(_line);
        return (events, [.. events.Select(writer.Seal)]);
    }
}
