namespace Inspection.Decisions.Work;

/// <summary>Sizes and times of <see cref="WorkLeases{TWork}"/>; see <see cref="Validate"/> for what is allowed.</summary>
public sealed record WorkLeasesOptions
{
    /// <summary>Most work that waits or is leased out at once (promise P8); more than all rings of a node together hold.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>Slots of a ring whose work does not say it (<see cref="WorkTerms.RingSlots"/>).</summary>
    public int RingSlots { get; init; } = 64;

    /// <summary>Rule W3: one remote worker holds at most this part of a ring, and at least one slot.</summary>
    public double RingShare { get; init; } = 0.25;

    /// <summary>Most offers one remote worker has in hand over all rings, whatever credit it gives.</summary>
    public int MaxInHand { get; init; } = 64;

    /// <summary>Rule W2: a lease is so many times the worker's learned time, within the two bounds below.</summary>
    public double LeaseFactor { get; init; } = 3;

    /// <summary>Rule W2: shorter, a pause of the garbage collector would look like a lost worker.</summary>
    public TimeSpan MinLease { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rule W2: longer, work of a frozen worker would not be offered again within about a second (promise P7). Also the lease while the time is unknown.</summary>
    public TimeSpan MaxLease { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A lease is never shorter than so many learned times, even past <see cref="MaxLease"/>: what surely expires is no lease (rule W2's reason).</summary>
    public double SlowFactor { get; init; } = 1.5;

    /// <summary>The lease of a package's first use by a worker that must load it: reading, verifying, golden vectors, first run.</summary>
    public TimeSpan FirstUseLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rule W2: re-offers take at most this part of all offers made within <see cref="BudgetWindow"/>.</summary>
    public double ReofferShare { get; init; } = 0.1;

    /// <summary>So many re-offers a window are always allowed: a line that has just started has made few offers yet.</summary>
    public int FewestReoffers { get; init; } = 2;

    /// <summary>The sliding window of the budget: ten times the longest lease and more, so that one frozen worker's share fits.</summary>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most times one piece of work is offered, the first included; offers that ended with a broken stream don't count.</summary>
    public int MaxTries { get; init; } = 3;

    /// <summary>So long after its deadline an unanswered offer still counts as in its worker's hand; then it is forgotten.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rule W4: a worker's time for a package nobody has measured there yet.</summary>
    public TimeSpan AssumedTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Rule W7: work is given up for want of chance only by times learned within this span; older ones are tried again.</summary>
    public TimeSpan EstimateFresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rule W7: what is left must be so many learned times, or it is given up. The mean alone is late every second time.</summary>
    public double NeedFactor { get; init; } = 1.25;

    /// <summary>
    /// Rule W7: and so much more while others wait behind it: the way of the answer over camera graph and station to the line's supervisor. For a
    /// fast model a quarter of its time is not enough.
    /// </summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <exception cref="ArgumentOutOfRangeException">Names the option, its value and what is allowed.</exception>
    public WorkLeasesOptions Validate()
    {
        Check(Capacity >= 1, nameof(Capacity), Capacity, "at least 1");
        Check(RingSlots >= 1, nameof(RingSlots), RingSlots, "at least 1");
        Check(RingShare is > 0 and <= 1, nameof(RingShare), RingShare, "above 0, at most 1");
        Check(MaxInHand >= 1, nameof(MaxInHand), MaxInHand, "at least 1");
        Check(LeaseFactor >= 1, nameof(LeaseFactor), LeaseFactor, "at least 1");
        Check(MinLease > TimeSpan.Zero, nameof(MinLease), MinLease, "above 0");
        Check(MaxLease >= MinLease, nameof(MaxLease), MaxLease, $"at least {nameof(MinLease)}");
        Check(SlowFactor >= 1, nameof(SlowFactor), SlowFactor, "at least 1");
        Check(FirstUseLease >= MaxLease, nameof(FirstUseLease), FirstUseLease, $"at least {nameof(MaxLease)}");
        Check(ReofferShare is >= 0 and <= 1, nameof(ReofferShare), ReofferShare, "0 to 1");
        Check(FewestReoffers >= 0, nameof(FewestReoffers), FewestReoffers, "0 or more");
        Check(BudgetWindow >= TimeSpan.FromSeconds(1), nameof(BudgetWindow), BudgetWindow, "at least 1 s");
        Check(MaxTries >= 1, nameof(MaxTries), MaxTries, "at least 1");
        Check(ForgetAfter >= TimeSpan.Zero, nameof(ForgetAfter), ForgetAfter, "0 or more");
        Check(AssumedTime > TimeSpan.Zero, nameof(AssumedTime), AssumedTime, "above 0");
        Check(EstimateFresh >= TimeSpan.Zero, nameof(EstimateFresh), EstimateFresh, "0 or more");
        Check(NeedFactor >= 1, nameof(NeedFactor), NeedFactor, "at least 1");
        Check(AnswerTime >= TimeSpan.Zero, nameof(AnswerTime), AnswerTime, "0 or more");
        return this;
    }

    private static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(WorkLeasesOptions)}.{name} is {value}; allowed: {allowed}");
        }
    }
}
