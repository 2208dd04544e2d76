using Inspection.Protocol;

namespace Inspection.Decisions.Station;

/// <summary>One trigger that nobody concluded yet, and when it is sent again (rules V5, W8).</summary>
internal sealed class OpenTrigger(string externalId, TimeSpan deadlineAt, FallbackReason? givenUp, string detail)
{
    private TimeSpan _wait = TimeSpan.Zero;

    public string ExternalId { get; } = externalId;

    public TimeSpan DeadlineAt { get; } = deadlineAt;

    public FallbackReason? GivenUp { get; } = givenUp;

    public string Detail { get; } = detail;

    public bool Reported { get; set; }

    public List<LineCommands.SubmitEvidence> Evidence { get; } = [];

    public TimeSpan NextAt { get; private set; }

    /// <summary>When it was announced last.</summary>
    public TimeSpan SentAt { get; private set; }

    public void Retry(TimeSpan now, StationOptions options)
    {
        _wait = _wait == TimeSpan.Zero ? options.FirstResend : _wait * 2 < options.MaxResend ? _wait * 2 : options.MaxResend;
        (NextAt, SentAt) = (now + _wait, now);
    }

    /// <summary>Something new was sent: the back-off begins again, and what was due stays due.</summary>
    public void Fresh(TimeSpan now, StationOptions options)
    {
        _wait = options.FirstResend;
        NextAt = NextAt < now + _wait ? NextAt : now + _wait;
    }

    /// <summary>Whoever was asked is back: what was sent meanwhile may be gone.</summary>
    public void AtOnce(TimeSpan now) => (_wait, NextAt) = (TimeSpan.Zero, now);

    /// <summary>Acknowledged: the short retry stops, the long one does not.</summary>
    public void Wait(TimeSpan now, StationOptions options) => NextAt = NextAt > now + (options.FirstResend * 2) ? NextAt : now + (options.FirstResend * 2);
}
