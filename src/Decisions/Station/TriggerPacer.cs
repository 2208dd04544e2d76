namespace Inspection.Decisions.Station;

/// <summary>Rule S3: when a paced source triggers. Keeps the rate over any stall: what was missed is due at once, as parts on a belt are.</summary>
public sealed class TriggerPacer(double? perSecond)
{
    private TimeSpan? _next;

    /// <summary>How many triggers are due at <paramref name="now"/>; they count as issued.</summary>
    public int Due(TimeSpan now)
    {
        if (perSecond is not { } rate)
        {
            return 0;
        }

        _next ??= now;
        if (now < _next)
        {
            return 0;
        }

        var due = 1 + (int)Math.Min((now - _next.Value).TotalSeconds * rate, int.MaxValue / 2);
        _next += TimeSpan.FromSeconds(due / rate);
        return due;
    }

    /// <summary>The belt stands: nothing is due for the time that passes.</summary>
    public void Rest(TimeSpan now) => _next = _next > now ? _next : now;
}
