using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Tests.Support;

/// <summary>A part as the journal names it.</summary>
public readonly record struct PartKey(long Epoch, long Counter);

/// <summary>What a line's journal says, part by part, told from the stored events alone. Reads beside a running writer.</summary>
public sealed class LineStory
{
    private readonly Dictionary<PartKey, List<PartConcluded>> _concluded = [];
    private readonly List<PartsFellBack> _ranges = [];

    /// <summary>Accepted parts with the names of their images.</summary>
    public Dictionary<PartKey, string> Accepted { get; } = [];

    /// <summary>What the gate reported: passed or diverted.</summary>
    public Dictionary<PartKey, bool> Acts { get; } = [];

    public List<EpochEnded> Ended { get; } = [];

    /// <summary>When each epoch was granted.</summary>
    public List<DateTime> Granted { get; } = [];

    public IEnumerable<PartConcluded> Concluded => _concluded.Values.SelectMany(c => c);

    public IReadOnlyList<PartsFellBack> Ranges => _ranges;

    public int TerminalCount => _concluded.Values.Sum(c => c.Count) + _ranges.Sum(r => (int)(r.To - r.From + 1));

    public static LineStory Read(string journal, string line)
    {
        using var source = SqliteJournal.Open(journal);
        var story = new LineStory();
        foreach (var record in source.Chain(new LineId(line)))
        {
            story.Add(record.Event);
        }

        return story;
    }

    /// <summary>How many parts are accepted so far; 0 before the journal is there.</summary>
    public static int AcceptedSoFar(string journal, string line) => SoFar(journal, line, s => s.Accepted.Count);

    /// <summary>Of those how many have their terminal record.</summary>
    public static int TerminalSoFar(string journal, string line) => SoFar(journal, line, s => s.TerminalCount);

    /// <summary>The one terminal conclusion; fails where there is none or more than one.</summary>
    public Conclusion ConclusionOf(PartKey key)
    {
        var records = _concluded.GetValueOrDefault(key) ?? [];
        if (records.Count == 1)
        {
            return records[0].Conclusion;
        }

        var ranges = _ranges.Where(r => r.Epoch == key.Epoch && r.From <= key.Counter && key.Counter <= r.To).ToList();
        Assert.True(records.Count == 0 && ranges.Count == 1, $"part {key} ({Accepted.GetValueOrDefault(key)}) has {records.Count} PartConcluded and {ranges.Count} PartsFellBack, one terminal record is wanted");
        return Conclusion.FellBack(ranges[0].Reason);
    }

    /// <summary>Promises P1, P2: each accepted part has exactly one terminal record, and no other part has one.</summary>
    public void HasOneTerminalRecordEach()
    {
        foreach (var key in Accepted.Keys)
        {
            _ = ConclusionOf(key);
        }

        Assert.Empty(_concluded.Keys.Except(Accepted.Keys));
        Assert.All(_ranges, r => Assert.All(Enumerable.Range(0, (int)(r.To - r.From + 1)), i => Assert.Contains(new PartKey(r.Epoch, r.From + i), Accepted.Keys)));
    }

    private static int SoFar(string journal, string line, Func<LineStory, int> count)
    {
        if (!File.Exists(journal))
        {
            return 0;
        }

        try
        {
            return count(Read(journal, line));
        }
        catch (JournalUnavailableException)
        {
            return 0; // it is just being made
        }
    }

    private void Add(ILineEvent stored)
    {
        switch (stored)
        {
            case TriggersSeen e:
                for (var i = 0; i < e.ExternalIds.Count; i++)
                {
                    Accepted.Add(new PartKey(e.Epoch, e.UpTo - e.ExternalIds.Count + 1 + i), e.ExternalIds[i]);
                }

                break;
            case PartConcluded e:
                var key = new PartKey(e.Key.Epoch, e.Key.Counter);
                if (!_concluded.TryGetValue(key, out var records))
                {
                    _concluded[key] = records = [];
                }

                records.Add(e);
                break;
            case PartsFellBack e:
                _ranges.Add(e);
                break;
            case GateActed e:
                for (var i = 0; i < e.Count; i++)
                {
                    Acts.Add(new PartKey(e.Epoch, e.From + i), e.IsPassed(i));
                }

                break;
            case EpochGranted e:
                Granted.Add(new DateTime(e.UtcTicks, DateTimeKind.Utc));
                break;
            case EpochEnded e:
                Ended.Add(e);
                break;
            default:
                break; // tells nothing about a part
        }
    }
}
