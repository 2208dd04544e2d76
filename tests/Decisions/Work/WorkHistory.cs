using FsCheck;
using FsCheck.Fluent;
using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>One thing that happens; A, B and C choose among what is possible at that moment.</summary>
internal readonly record struct WorkDeed(byte Kind, byte A, byte B, byte C);

/// <summary>What happens to a node's work, as data: FsCheck makes it, shortens it when a promise breaks, and prints it.</summary>
public sealed class WorkHistory
{
    private static readonly NodeId[] Nodes = [new("gpu-1"), new("gpu-2"), new("gpu-3")];

    internal WorkHistory(WorkDeed[] deeds) => Deeds = deeds;

    internal WorkDeed[] Deeds { get; }

    public override string ToString() => string.Join(" ", Deeds.Select(d => $"({d.Kind},{d.A},{d.B},{d.C})"));

    internal static LeaseWorld Played(WorkHistory history)
    {
        var world = new LeaseWorld();
        foreach (var deed in history.Deeds)
        {
            Play(world, deed);
        }

        return world;
    }

    private static void Play(LeaseWorld world, WorkDeed deed)
    {
        var (a, b, c) = (deed.A, deed.B, deed.C);
        var stage = a % 3 == 0 ? WorkStage.Verify : WorkStage.Coarse;
        var remotes = world.Workers.Where(w => !w.IsLocal && (!w.Gone || c % 8 == 0)).ToArray(); // sometimes one that is gone
        var locals = world.Workers.Where(w => w.IsLocal && (!w.Gone || c % 8 == 0)).ToArray();
        var remote = remotes.Length > 0 ? remotes[b % remotes.Length] : null;
        var local = locals.Length > 0 ? locals[b % locals.Length] : null;
        switch (deed.Kind % 32)
        {
            case < 9:
                world.Add(stage, b % 3, Left(c), a % 7 == 0, (a >> 4) % 2);
                break;
            case 9:
                Hello(world, world.Join(Nodes[b % 3]), a, c);
                break;
            case 10 when world.Workers.Count(w => w.IsLocal) < 5:
                _ = world.JoinLocal(stage);
                break;
            case 11 or 12 when local is { Gone: false } && local.Credit[local.Stage] == 0:
                world.Credit(local, local.Stage, 1);
                break;
            case 13 or 14 or 15 when remote is not null:
                world.Credit(remote, stage, c % 4);
                break;
            case >= 16 and < 23 when remote is { InHand.Count: > 0 }: // in any order
                _ = world.Answer(remote, remote.InHand[c % remote.InHand.Count].Id);
                break;
            case 23 when remote is not null && world.Offers.Count > 0: // repeated, another's, of a stream that is gone
                _ = world.Answer(remote, world.Offers[^(1 + (c % Math.Min(world.Offers.Count, 8)))].Id + (a % 16 == 0 ? 1000 : 0));
                break;
            case 24 when remote is { InHand.Count: > 0 }:
                world.Return(remote, remote.InHand[c % remote.InHand.Count].Id);
                break;
            case 25 when remote is not null:
                world.Lose(remote);
                break;
            case 26:
                Rarely(world, remote, local, b, c);
                break;
            case 27 when c < 64:
                world.Pass(TimeSpan.FromSeconds(c));
                break;
            default:
                world.Pass(TimeSpan.FromMilliseconds(c / 2));
                break;
        }
    }

    private static void Hello(LeaseWorld world, ModelWorker worker, byte a, byte c)
    {
        for (var package = 0; package < 3; package++)
        {
            switch ((a >> (2 * package)) % 4)
            {
                case 0:
                    world.CanLoad(worker, package);
                    break;
                case 1 or 2:
                    world.Holds(worker, package);
                    break;
            }
        }

        world.Credit(worker, WorkStage.Coarse, c % 4);
        world.Credit(worker, WorkStage.Verify, c % 2);
    }

    private static void Rarely(LeaseWorld world, ModelWorker? remote, ModelWorker? local, byte b, byte c)
    {
        switch (c % 7)
        {
            case 5 or 6 when remote is { Gone: false, InHand.Count: > 0 }:
                world.Unsent(remote, remote.InHand[b % remote.InHand.Count]);
                break;
            case 0 when remote is not null:
                world.Drain(remote);
                break;
            case 1 when local is not null:
                world.Lose(local);
                break;
            case 2 when local is not null && c % 3 == 0:
                world.Drain(local);
                break;
            case 3 when remote is { Gone: false }:
                world.Lacks(remote, b % 3);
                break;
            case 4 when remote is { Gone: false }:
                world.Holds(remote, b % 3);
                break;
        }
    }

    /// <summary>Mostly a second or so, sometimes half a minute, sometimes nothing.</summary>
    private static TimeSpan Left(byte c) => c switch
    {
        < 8 => TimeSpan.Zero,
        < 60 => TimeSpan.FromMilliseconds(c * 4),
        < 220 => TimeSpan.FromMilliseconds(c * 10),
        _ => TimeSpan.FromSeconds(30),
    };
}

public static class WorkHistories
{
    public static Arbitrary<WorkHistory> Arbitrary()
    {
        var deed = Gen.Choose(0, int.MaxValue).Select(x => new WorkDeed((byte)(x & 0xff), (byte)(x >> 8), (byte)(x >> 15), (byte)(x >> 23)));
        var gen = Gen.Choose(1, 400).SelectMany(n => deed.ArrayOf(n)).Select(d => new WorkHistory(d));
        return Arb.From(gen, Shorter);
    }

    /// <summary>Leaves out halves, quarters, ... and single deeds.</summary>
    private static IEnumerable<WorkHistory> Shorter(WorkHistory history)
    {
        for (var chunk = history.Deeds.Length / 2; chunk >= 1; chunk /= 2)
        {
            for (var at = 0; at + chunk <= history.Deeds.Length; at += chunk)
            {
                yield return new WorkHistory([.. history.Deeds[..at], .. history.Deeds[(at + chunk)..]]);
            }
        }
    }
}
