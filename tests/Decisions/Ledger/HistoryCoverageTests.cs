using FsCheck.Fluent;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>The random histories reach what they are there to reach; a generator that only pokes at an empty line proves nothing.</summary>
public sealed class HistoryCoverageTests
{
    [Fact]
    public void The_histories_reach_every_event_and_every_kind_of_conclusion()
    {
        var events = new HashSet<string>();
        var conclusions = new HashSet<string>();
        var longest = 0L;
        foreach (var history in Gen.Sample(Histories.Arbitrary().Generator, 200))
        {
            var world = LedgerWorld.Ready();
            foreach (var deed in history.Deeds)
            {
                History.Play(world, deed);
            }

            events.UnionWith(world.Journal.Select(e => e is EpochEnded ended ? $"EpochEnded {ended.Tail}" : e.GetType().Name));
            conclusions.UnionWith(world.Audit.Terminal.Values.Select(c => c.ToString()));
            longest = Math.Max(longest, world.Audit.Accepted);
        }

        Assert.Equal(
            ["EpochEnded Exact", "EpochEnded Unknown", "EpochGranted", "GateActed", "InterlockChanged", "LateEvidence", "ModelActivated", "PartConcluded", "PartReviewed", "PartsFellBack", "RecipeActivated", "TriggersSeen"],
            events.Order(StringComparer.Ordinal));
        Assert.Superset(new HashSet<string> { "OK", "NG", "Review", "Fallback(Deadline)", "Fallback(Shed)", "Fallback(LostAtSource)", "Fallback(Unreadable)" }, conclusions);
        Assert.True(longest >= 40, $"the longest history accepted only {longest} parts");
    }
}
