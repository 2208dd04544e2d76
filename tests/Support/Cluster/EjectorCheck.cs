using System.Text.Json;

namespace Inspection.Tests.Support.Cluster;

/// <summary>One act of an ejector, from its own log.</summary>
public sealed record Act(string Node, DateTime Utc, Part Part, bool Passed);

/// <summary>The ejectors' own logs against the journal: never two gates at once on a station, no pass without a commit before it.</summary>
public static class EjectorCheck
{
    public static List<Act> Read(ClusterPlant plant, string line)
    {
        var acts = new List<Act>();
        foreach (var node in plant.Nodes.Where(n => n.Spec.Roles.Contains("sensor", StringComparison.Ordinal)))
        {
            var path = plant.EjectorLog(node.Id, line);
            if (!File.Exists(path))
            {
                continue;
            }

            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (reader.ReadLine() is { } text)
            {
                if (text.EndsWith('}')) // the last line of a killed process may be torn
                {
                    using var act = JsonDocument.Parse(text);
                    var root = act.RootElement;
                    if (!root.TryGetProperty("epoch", out _))
                    {
                        continue; // the line was stopped, or let run again
                    }

                    acts.Add(new Act(node.Id, root.GetProperty("utc").GetDateTime(), new Part(line, root.GetProperty("epoch").GetInt64(), root.GetProperty("counter").GetInt64()), root.GetProperty("act").GetString() == "pass"));
                }
            }
        }

        return [.. acts.OrderBy(a => a.Utc)];
    }

    /// <summary>Promise P3, rules L1, L2, G1. Reads the logs first: what is passed meanwhile is committed meanwhile.</summary>
    public static async Task<JournalCheck> IsInOrderAsync(ClusterPlant plant, bool healed = false)
    {
        var logs = new[] { ClusterPlant.Drawn, ClusterPlant.Tile }.ToDictionary(line => line, line => Read(plant, line));
        var journal = (await JournalCheck.ReadAsync(plant.Database.ConnectionString())).IsInOrder(healed);
        foreach (var (line, acts) in logs)
        {
            var (epoch, node) = (0L, "");
            foreach (var act in acts.Where(a => a.Passed))
            {
                Assert.True(journal.PassedBy.TryGetValue(act.Part, out var decided), $"{act.Node} let {act.Part} pass, and the journal has no OK for it");
                Assert.True(decided <= act.Utc, $"{act.Node} let {act.Part} pass at {act.Utc:O}, before it was decided at {decided:O}");
                Assert.True(act.Part.Epoch >= epoch, $"two gates at once on {line}: {act.Node} passed a part of epoch {act.Part.Epoch} after {node} had passed one of epoch {epoch}");
                (epoch, node) = (act.Part.Epoch, act.Node);
            }

            Assert.Equal(acts.Count, acts.Select(a => a.Part).Distinct().Count());
        }

        return journal;
    }
}
