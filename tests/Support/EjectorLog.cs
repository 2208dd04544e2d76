using System.Text.Json;

namespace Inspection.Tests.Support;

/// <summary>The ejector's own log, independent of the journal: part to passed.</summary>
public static class EjectorLog
{
    public static Dictionary<PartKey, bool> Read(string path)
    {
        var acts = new Dictionary<PartKey, bool>();
        foreach (var line in File.ReadLines(path))
        {
            using var act = JsonDocument.Parse(line);
            var root = act.RootElement;
            if (!root.TryGetProperty("epoch", out _))
            {
                continue; // the line was stopped, or let run again
            }

            acts.Add(new PartKey(root.GetProperty("epoch").GetInt64(), root.GetProperty("counter").GetInt64()), root.GetProperty("act").GetString() == "pass");
        }

        return acts;
    }

    /// <summary>What the ejector did in order: pass, divert, halt, run.</summary>
    public static List<string> Acts(string path)
    {
        var acts = new List<string>();
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (line.EndsWith('}')) // the last line of a killed process may be torn
            {
                using var act = JsonDocument.Parse(line);
                acts.Add(act.RootElement.GetProperty("act").GetString()!);
            }
        }

        return acts;
    }

    /// <summary>When the first part passed, by the ejector's own clock.</summary>
    public static DateTime FirstPass(string path)
    {
        using var act = JsonDocument.Parse(File.ReadLines(path).First(l => l.Contains("\"act\":\"pass\"", StringComparison.Ordinal)));
        return act.RootElement.GetProperty("utc").GetDateTime();
    }

    /// <summary>Promise P3 and rule G5, part by part: passed where and only where an OK is committed, and the journal's act says the same.</summary>
    public static void Agrees(LineStory story, string path)
    {
        var acts = Read(path);
        foreach (var (key, passed) in acts)
        {
            Assert.True(!passed || story.ConclusionOf(key).IsOk, $"the ejector let part {key} pass, its record is {story.ConclusionOf(key)}");
        }

        foreach (var (key, passed) in story.Acts)
        {
            Assert.True(acts.TryGetValue(key, out var did), $"the journal has an act for part {key}, the ejector's log has none");
            Assert.True(did == passed, $"part {key}: the ejector's log says passed {did}, the journal {passed}");
        }
    }
}
