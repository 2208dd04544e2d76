namespace Inspection.Protocol;

/// <summary>What was decided about a part on full evidence.</summary>
public enum Verdict
{
    Ok = 1,
    Ng = 2,
    Review = 3,
}

/// <summary>Why the system had to conclude without full evidence (promise P1).</summary>
public enum FallbackReason
{
    Deadline = 1,
    Shed = 2,
    LostAtSource = 3,
    Unreadable = 4,
    NotInspectable = 5,
    NoModel = 6,
    SupervisorUnavailable = 7,
}

/// <summary>What happens to the part.</summary>
public enum Disposition
{
    Pass = 1,
    Rework = 2,
    Scrap = 3,
    Hold = 4,
}

/// <summary>The one terminal answer for a trigger: Decided(verdict) or Fallback(reason).</summary>
public readonly record struct Conclusion
{
    private Conclusion(Verdict? verdict, FallbackReason? fallback)
    {
        Verdict = verdict;
        Fallback = fallback;
    }

    public Verdict? Verdict { get; }

    public FallbackReason? Fallback { get; }

    public bool IsDecided => Verdict is not null;

    /// <summary>Only this lets a part pass (promise P3).</summary>
    public bool IsOk => Verdict == Protocol.Verdict.Ok;

    public static Conclusion Decided(Verdict verdict) => new(verdict, null);

    public static Conclusion FellBack(FallbackReason reason) => new(null, reason);

    /// <summary>OK, NG, Review or Fallback(Reason).</summary>
    public override string ToString() => (Verdict, Fallback) switch
    {
        (Protocol.Verdict.Ok, _) => "OK",
        (Protocol.Verdict.Ng, _) => "NG",
        (Protocol.Verdict.Review, _) => "Review",
        (_, { } reason) => $"Fallback({reason})",
        _ => "None",
    };
}
