using Inspection.Protocol;

namespace Inspection.Decisions.Gate;

/// <summary>What can happen to a gate.</summary>
public abstract record GateInput
{
    /// <summary>A new epoch; with how many changes of the interlock the journal has.</summary>
    public sealed record Begin(long Epoch, long Interlock) : GateInput;

    /// <summary>Rule S6: a part is under way.</summary>
    public sealed record Announce(long Epoch, long Counter, string ExternalId, TimeSpan StampedAt) : GateInput;

    /// <summary>Committed by the journal (promise P3).</summary>
    public sealed record Closed(TriggerKey Key, Conclusion Conclusion) : GateInput;

    /// <summary>The holder may act until then (rule L2); with how many changes of the interlock the journal has.</summary>
    public sealed record Lease(TimeSpan Until, long Interlock) : GateInput;

    /// <summary>The holder lost its epoch.</summary>
    public sealed record Fence : GateInput;

    /// <summary>Rule G5: what the ejector says that it did with a part that it was to pass.</summary>
    public sealed record Acted(TriggerKey Key, bool Passed) : GateInput;

    /// <summary>Rule J4: acts below NextExpected are journalled.</summary>
    public sealed record Recorded(long Epoch, long NextExpected) : GateInput;

    /// <summary>The journal has so many changes of the interlock.</summary>
    public sealed record InterlockHeard(long Changes) : GateInput;

    /// <summary>Answered with <see cref="GateEffect.Drained"/> when every act is journalled.</summary>
    public sealed record Drain : GateInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : GateInput
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>What the gate's shell must do, in order.</summary>
public abstract record GateEffect
{
    /// <summary>A pulse for this part, now; answer with <see cref="GateInput.Acted"/>, at once or later.</summary>
    public sealed record Pass(GateAct Act) : GateEffect;

    /// <summary>Nothing moves (rule G1); for the ejector's own log.</summary>
    public sealed record Divert(GateAct Act) : GateEffect;

    /// <summary>The ejector did not say in time what it did with this part: it counts as passed.</summary>
    public sealed record Unanswered(TriggerKey Key) : GateEffect;

    /// <summary>To the line's supervisor.</summary>
    public sealed record Tell(ILineMessage Message) : GateEffect;

    /// <summary>The line must stand still.</summary>
    public sealed record Halt(string Why) : GateEffect;

    /// <summary>The line may run again.</summary>
    public sealed record Run : GateEffect;

    /// <summary>To whoever asked to drain.</summary>
    public sealed record Drained(long Epoch) : GateEffect;
}
