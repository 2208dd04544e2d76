using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Station;

/// <summary>Promises P1 and P2 between a station and its supervisor, over thousands of seeded bad links.</summary>
public sealed class LossyLinkTests
{
    [Fact]
    public void Over_a_link_that_loses_messages_and_a_supervisor_that_crashes_every_part_ends_concluded_in_its_own_epoch()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var line = Run(seed, ordered: true);
            Assert.True(line.Fenced.Count == 0, $"seed {seed}: the station lost epoch {string.Join(", ", line.Fenced)} although it never fell silent for three seconds");
            Assert.All(line.Triggered, k => Assert.True(line.Audit.Terminal.ContainsKey(k), $"seed {seed}: {k} was triggered and never concluded"));
        }
    }

    [Fact]
    public void Over_a_link_that_also_doubles_and_overtakes_no_part_is_lost_but_with_its_epoch()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var line = Run(seed, ordered: false);
            Assert.All(line.Triggered, k => Assert.True(
                line.Audit.Terminal.ContainsKey(k) || (line.Fenced.Contains(k.Epoch) && k.Counter > line.Audit.Find(k.Epoch)!.SeenUpTo),
                $"seed {seed}: {k} was triggered and never concluded"));
        }
    }

    [Fact]
    public void The_bad_links_are_bad_enough_and_let_enough_through()
    {
        var lines = Enumerable.Range(0, 100).Select(seed => Run(seed, ordered: false)).ToArray();
        var kinds = lines.SelectMany(l => l.Heard.Values).Select(c => c.ToString()).ToHashSet();
        Assert.Superset(new HashSet<string> { "OK", "NG", "Review", "Fallback(Deadline)", "Fallback(Shed)" }, kinds);
        Assert.Contains(lines, l => l.Fenced.Count > 0);
        Assert.Contains(lines, l => l.Heard.Count < l.Audit.Accepted); // some conclusions were never heard, and were known all the same
    }

    private static LossyLine Run(int seed, bool ordered)
    {
        var line = new LossyLine(seed, ordered, parts: 15);
        Assert.True(line.Run(), $"seed {seed}: parts stayed open for two minutes");
        Assert.All(line.Heard, h => Assert.True(line.Audit.Terminal[h.Key] == h.Value, $"seed {seed}: the station heard {h.Value} of {h.Key}, the journal says {line.Audit.Terminal[h.Key]}"));
        return line;
    }
}
