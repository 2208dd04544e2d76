namespace Inspection.Decisions.Station;

/// <summary>What became of a frame or of an exposure.</summary>
/// <param name="Counter">The trigger that the frame belongs to; 0: to none.</param>
/// <param name="Lost">Empty where it joins; else why the trigger's view, or the frame, is lost.</param>
public readonly record struct FrameFate(long Counter, string Lost)
{
    public bool Joins => Counter > 0 && Lost.Length == 0;
}

/// <summary>
/// Rule S5, for one camera: a frame joins the one trigger whose exposure window holds its timestamp, if the device counter's steps agree with
/// the camera's exposures since the last frame that joined. Where they disagree the view is lost, and so are later ones until two frames in a row agree
/// with each other. A device counter that begins again (a restart, a wrap) says nothing about steps: the window alone decides. Deterministic;
/// one thread; monotonic times of one clock.
/// </summary>
/// <param name="open">Most exposures that may wait for their frame.</param>
public sealed class FrameJoin(int open)
{
    private readonly Queue<(long Counter, TimeSpan From, TimeSpan To)> _exposures = new(open);
    private (long Exposure, long Device)? _anchor;
    private long _exposed;
    private bool _aligned = true;

    /// <summary>Exposures that wait for their frame.</summary>
    public int Waiting => _exposures.Count;

    /// <summary>A trigger exposed the camera. Counters rise, and windows neither begin nor end before the one before.</summary>
    /// <exception cref="InvalidOperationException">More wait than there is room for: the station must not trigger without a free slot.</exception>
    public void Exposed(long counter, TimeSpan from, TimeSpan to)
    {
        if (_exposures.Count == open)
        {
            throw new InvalidOperationException($"more than {open} exposures wait for their frames");
        }

        _exposed++;
        _exposures.Enqueue((counter, from, to));
    }

    /// <summary>A new epoch counts from 1 again: what was exposed before it is nobody's.</summary>
    public void Begin()
    {
        _exposures.Clear();
        (_anchor, _aligned) = (null, true);
    }

    /// <summary>The oldest exposure whose window has closed by then without a frame, or null. Ask until it says null.</summary>
    public FrameFate? Overdue(TimeSpan now)
    {
        if (!_exposures.TryPeek(out var oldest) || now <= oldest.To)
        {
            return null;
        }

        _ = _exposures.Dequeue();
        return new FrameFate(oldest.Counter, "the camera gave no frame within the exposure window");
    }

    /// <summary>A frame from the device. Ask <see cref="Overdue"/> for its time first.</summary>
    /// <param name="device">The device's own counter.</param>
    /// <param name="at">When it was exposed.</param>
    public FrameFate Frame(long device, TimeSpan at)
    {
        if (!_exposures.TryPeek(out var oldest) || at < oldest.From || oldest.To < at)
        {
            return new FrameFate(0, "no trigger's window holds the frame's timestamp");
        }

        if (_exposures.Skip(1).Any(e => e.From <= at)) // windows end in the order they begin
        {
            return new FrameFate(0, "the frame's timestamp lies in the windows of two triggers");
        }

        var exposure = _exposed - _exposures.Count + 1;
        _ = _exposures.Dequeue();
        return Step(oldest.Counter, exposure, device);
    }

    /// <param name="counter">The trigger's.</param>
    /// <param name="exposure">How many exposures of this camera it is: a trigger that was given up did not expose it.</param>
    /// <param name="device">The device's.</param>
    private FrameFate Step(long counter, long exposure, long device)
    {
        var before = _anchor;
        _anchor = (exposure, device);
        if (before is not { } last || device <= last.Device || device - last.Device == exposure - last.Exposure)
        {
            _aligned = true; // the first frame, or the device began to count again, or the steps agree
            return new FrameFate(counter, "");
        }

        var lost = _aligned ? "the device counted" : "the device still counts";
        _aligned = false;
        return new FrameFate(counter, $"{lost} {device - last.Device} frames where there were {exposure - last.Exposure} exposures");
    }
}
