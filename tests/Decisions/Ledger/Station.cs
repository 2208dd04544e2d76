using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Short words for what a station says to a ledger in these tests.</summary>
internal static class Station
{
    public static long Granted(this LedgerWorld world, StationId station, NodeId? node = null, string incarnation = "i0")
    {
        var early = world.Acquire(station, node, incarnation);
        Assert.Empty(early);
        return Assert.Single(world.Settle().OfType<LineReplies.StationGranted>()).Epoch;
    }

    public static IReadOnlyList<ILineMessage> Acquire(this LedgerWorld world, StationId station, NodeId? node = null, string incarnation = "i0") =>
        world.Send(new LineCommands.AcquireStation(Given.Line, station, node ?? Given.NodeA, incarnation));

    public static IReadOnlyList<ILineMessage> Renew(this LedgerWorld world, StationId station, long epoch, NodeId? node = null, string incarnation = "i0") =>
        world.Send(new LineCommands.RenewStation(Given.Line, station, epoch, node ?? Given.NodeA, incarnation));

    public static IReadOnlyList<ILineMessage> Announce(this LedgerWorld world, StationId station, long epoch, long from, int count = 1, TimeSpan? left = null) =>
        world.Send(new LineCommands.AnnounceTriggers(
            Given.Line,
            station,
            epoch,
            from,
            Enumerable.Range(0, count).Select(i => $"part-{from + i}").ToEquatableList(),
            Enumerable.Repeat(left ?? Given.Deadline, count).ToEquatableList()));

    public static IReadOnlyList<ILineMessage> Submit(this LedgerWorld world, TriggerKey key, ViewEvidence evidence) => world.Send(new LineCommands.SubmitEvidence(key, evidence));

    public static IReadOnlyList<ILineMessage> Release(this LedgerWorld world, StationId station, long epoch, long last) =>
        world.Send(new LineCommands.ReleaseStation(Given.Line, station, epoch, last));

    public static TriggerKey Key(StationId station, long epoch, long counter) => new(Given.Line, station, epoch, counter);
}
