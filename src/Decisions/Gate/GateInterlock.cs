using Inspection.Protocol;

namespace Inspection.Decisions.Gate;

/// <summary>
/// Counts the parts that reach the ejector in a row without a verdict, and stops the line at the limit: a line that only diverts makes scrap,
/// and whatever took its eyes is not mended by more parts. It stays stopped, over any restart, until the journal has one change more than
/// the stop: a person's.
/// </summary>
/// <param name="stopAfter">So many fallbacks in a row; 0: never.</param>
internal sealed class GateInterlock(int stopAfter)
{
    private long _changes;
    private int _inARow;

    public bool IsStopped { get; private set; }

    public string Why { get; private set; } = "";

    /// <summary>The number of changes before a stop that the journal does not have yet; null where there is none.</summary>
    public long? Unrecorded => IsStopped && !InterlockChanged.IsStopped(_changes) ? _changes : null;

    /// <summary>
    /// True where this part stops the line. Parts in transit at the end of an epoch count neither way: they say nothing about the line's eyes.
    /// </summary>
    public bool Counts(in GateAct act)
    {
        if (act.Verdict == GateVerdict.Decided)
        {
            _inARow = 0;
        }

        if (act.Verdict != GateVerdict.Fallback || stopAfter == 0 || IsStopped || ++_inARow < stopAfter)
        {
            return false;
        }

        (IsStopped, Why) = (true, $"{stopAfter} parts in a row had no verdict, the last one {act.Key}: {act.Why}");
        return true;
    }

    /// <summary>A new epoch: its grant is the journal's word, also where a restored journal knows of fewer changes. A stop it does not have stands.</summary>
    public bool? Began(long changes)
    {
        if (changes < _changes)
        {
            _changes = changes;
        }

        return Heard(changes);
    }

    /// <summary>What the journal has. True: it stops the line here; false: it lets it run again; null: nothing new. Old news changes nothing.</summary>
    public bool? Heard(long changes)
    {
        if (changes <= _changes)
        {
            return null;
        }

        _changes = changes;
        var (before, now) = (IsStopped, InterlockChanged.IsStopped(changes));
        if (now == before)
        {
            return null;
        }

        (IsStopped, _inARow, Why) = (now, 0, now ? "the interlock stopped the line before; the journal says why" : "");
        return now;
    }
}
