namespace Inspection.Decisions.Work;

/// <summary>
/// How long a worker takes from offer to answer: an exponentially weighted mean whose samples are clipped to four times the estimate and a
/// quarter of it, so that one pause teaches little and a worker that has become slow is known after a few answers.
/// </summary>
internal sealed class LearnedTime
{
    private const double Gain = 0.25;
    private const double Clip = 4;
    private double _ticks;

    /// <summary>Whether anything was measured.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>When it was last taught.</summary>
    public TimeSpan TaughtAt { get; private set; }

    public TimeSpan Value => TimeSpan.FromTicks((long)_ticks);

    public TimeSpan Or(TimeSpan assumed) => IsKnown ? Value : assumed;

    public void Teach(TimeSpan took, TimeSpan now)
    {
        double sample = Math.Max(1, took.Ticks);
        _ticks = IsKnown ? _ticks + (Gain * (Math.Clamp(sample, _ticks / Clip, _ticks * Clip) - _ticks)) : sample;
        (IsKnown, TaughtAt) = (true, now);
    }
}
