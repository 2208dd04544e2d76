using FsCheck;
using FsCheck.Fluent;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>One thing that happens; A, B and C choose among what is possible at that moment.</summary>
internal readonly record struct Deed(byte Kind, byte A, byte B, byte C);

/// <summary>What happens to a line, as data: FsCheck makes it, shortens it when a promise breaks, and prints it.</summary>
public sealed class History
{
    private static readonly StationId[] Stations = [Given.Front, Given.Back];
    private static readonly NodeId[] Nodes = [Given.NodeA, Given.NodeB];

    internal History(Deed[] deeds) => Deeds = deeds;

    internal Deed[] Deeds { get; }

    public override string ToString() => string.Join(" ", Deeds.Select(d => $"({d.Kind},{d.A},{d.B},{d.C})"));

    internal static void Play(LedgerWorld world, Deed deed)
    {
        var (a, b, c) = (deed.A, deed.B, deed.C);
        var station = Stations[a & 1];
        var current = world.Ledger.Projected.Stations.GetValueOrDefault(station);
        var (epoch, seen) = (current?.Epoch ?? 0, current?.SeenUpTo ?? 0);
        var node = Nodes[b & 1];
        var incarnation = $"i{(b >> 1) & 1}";
        var holder = c < 200 && current is not null; // mostly the right one asks
        switch (deed.Kind % 24)
        {
            case 0 or 1 or 2 or 3:
                Announce(world, station, epoch, seen + 1, 1 + (b % 4), c);
                break;
            case 4: // again, overlapping what is known
                Announce(world, station, epoch, Math.Max(1, seen - (b % 6)), 1 + (b % 9), c);
                break;
            case 5: // a gap, another epoch, or nonsense
                Announce(world, station, epoch - (b % 3) + 1, seen + (c % 4) - 1, b % 3, c);
                break;
            case 6 or 7 or 8 or 9:
                var key = new TriggerKey(Given.Line, station, epoch, Math.Max(1, seen - (b % 8)));
                var cameras = Given.CamerasOf(station);
                Submit(world, key, cameras[c % cameras.Length]);
                break;
            case 10: // every view of one part
                var whole = new TriggerKey(Given.Line, station, epoch, Math.Max(1, seen - (b % 4)));
                Given.CamerasOf(station).ToList().ForEach(camera => Submit(world, whole, camera));
                break;
            case 11: // foreign camera, foreign epoch, a counter nobody announced
                Submit(world, new TriggerKey(Given.Line, station, epoch - (c % 2), seen + 1 - (b % 3)), b % 2 == 0 ? Given.Foreign : Given.Top);
                break;
            case 12 or 13 or 14:
                _ = world.Commit();
                break;
            case 15:
                _ = world.Pass(TimeSpan.FromMilliseconds(b));
                break;
            case 16:
                world.Sleep(TimeSpan.FromMilliseconds(b * 16));
                break;
            case 17:
                _ = world.Send(holder && b % 4 != 0
                    ? new LineCommands.RenewStation(Given.Line, station, epoch, current!.Holder, current.Incarnation)
                    : new LineCommands.RenewStation(Given.Line, station, epoch - (c % 2), node, incarnation));
                break;
            case 18 or 19:
                _ = world.Send(new LineCommands.AcquireStation(Given.Line, station, node, incarnation));
                break;
            case 20:
                var from = Math.Max(1, seen - (b % 6));
                _ = world.Send(new LineCommands.ReportFellBack(Given.Line, station, epoch - (c % 16 == 0 ? 1 : 0), from, from + (c % 7), FallbackReason.Shed, "given up"));
                break;
            case 21:
                var acted = current?.ActedUpTo ?? 0;
                var count = 1 + (b % 12);
                _ = world.Send(new LineCommands.ReportGateActs(Given.Line, station, epoch, acted + 1 - (c % 3), count, new byte[(count + 7) / 8].ToEquatableList()));
                break;
            case 22:
                Rarely(world, station, epoch, seen, b, c);
                break;
            default:
                world.Crash(committed: b % 2 == 0, snapshotAt: c % 2 == 0 ? null : c % (world.Journal.Count + 1));
                break;
        }
    }

    private static void Rarely(LedgerWorld world, StationId station, long epoch, long seen, byte b, byte c)
    {
        switch (b % 8)
        {
            case 0:
                _ = world.Send(new LineCommands.ReleaseStation(Given.Line, station, epoch, seen - (c % 4 == 0 ? 1 : 0)));
                break;
            case 1: // another product: fewer cameras
                world.Activate(Given.Recipe with { Name = "nuts", Views = [new(Given.Front, Given.Top), new(Given.Front, Given.Right), new(Given.Back, Given.Top)] });
                break;
            case 2:
                world.Activate(Given.Recipe);
                break;
            case 3:
                world.Activate(Given.Coarse with { Reject = c, Candidate = c / 100f });
                break;
            case 4:
                var key = new TriggerKey(Given.Line, station, epoch, Math.Max(1, seen - (c % 8)));
                _ = world.Send(new LineCommands.ReviewPart(Given.Line, key, Verdict.Ng, "inspector", "looked again"));
                break;
            case 6:
                _ = world.Send(new LineCommands.ReportStopped(Given.Line, station, epoch, Math.Max(0, (world.Ledger.Projected.Stations.GetValueOrDefault(station)?.Interlock ?? 0) - (c % 3)), "no verdicts"));
                break;
            case 7:
                _ = world.Send(new LineCommands.ResumeStation(Given.Line, station, c % 9 == 0 ? "" : "dora", "mended"));
                break;
            default:
                var status = Assert.IsType<LineQueries.LineStatus>(Assert.Single(world.Send(new LineQueries.GetLineStatus(Given.Line))));
                Assert.Equal(status.Accepted, status.Decided + status.Fallback + status.Open);
                break;
        }
    }

    internal static void Submit(LedgerWorld world, TriggerKey key, CameraId camera) => _ = world.Send(new LineCommands.SubmitEvidence(key, Given.EvidenceOf(key, camera)));

    /// <summary>Time left: mostly the whole deadline, sometimes little, sometimes none.</summary>
    internal static void Announce(LedgerWorld world, StationId station, long epoch, long from, int count, byte c)
    {
        var left = c < 190 ? Given.Deadline : c < 230 ? TimeSpan.FromMilliseconds(c - 190) : TimeSpan.Zero;
        var counters = Enumerable.Range(0, count).Select(i => from + i).ToArray();
        _ = world.Send(new LineCommands.AnnounceTriggers(
            Given.Line, station, epoch, from, counters.Select(n => $"{station}-{epoch}-{n}").ToEquatableList(), counters.Select(_ => left).ToEquatableList()));
    }
}

public static class Histories
{
    public static Arbitrary<History> Arbitrary()
    {
        var deed = Gen.Choose(0, int.MaxValue).Select(x => new Deed((byte)(x & 0xff), (byte)(x >> 8), (byte)(x >> 15), (byte)(x >> 23)));
        var gen = Gen.Choose(1, 250).SelectMany(n => deed.ArrayOf(n)).Select(d => new History(d));
        return Arb.From(gen, Shorter);
    }

    /// <summary>Leaves out halves, quarters, ... and single deeds.</summary>
    private static IEnumerable<History> Shorter(History history)
    {
        for (var chunk = history.Deeds.Length / 2; chunk >= 1; chunk /= 2)
        {
            for (var at = 0; at + chunk <= history.Deeds.Length; at += chunk)
            {
                yield return new History([.. history.Deeds[..at], .. history.Deeds[(at + chunk)..]]);
            }
        }
    }
}
