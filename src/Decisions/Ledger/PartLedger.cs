using System.Collections.Immutable;
using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>An accepted part that still waits for evidence. Volatile: rebuilt from what sessions send again.</summary>
/// <param name="DeadlineAt">When it is concluded at the latest.</param>
/// <param name="Views">What came of it.</param>
/// <param name="IsTimed">
/// Its station has said how much time was left (rule L4). After a recovery nobody knows until it says so again: a part that may be late is not
/// concluded on evidence (promise P4).
/// </param>
internal sealed record OpenPart(TimeSpan DeadlineAt, ImmutableDictionary<CameraId, ViewEvidence> Views, bool IsTimed);

internal sealed record PendingEvent(ILineEvent Event, ImmutableArray<LedgerEffect> AfterCommit);

/// <summary>
/// One line's mind as a value. <see cref="Step"/> takes an input and gives the next ledger and the effects, without I/O or clock.
/// <para><see cref="Committed"/> is what the journal holds; <see cref="Projected"/> adds the events that are being written or wait
/// for the next batch. Decisions look at Projected, so that a part being concluded is never concluded again; answers are given only
/// from Committed (rule V3: open, deciding or concluded; deciding is never answered).</para>
/// </summary>
public sealed partial record PartLedger
{
    private PartLedger(LedgerState state, long sequence, LedgerOptions options)
    {
        (Sequence, _snapshotAt) = (sequence, sequence);
        Committed = state;
        Projected = state;
        Options = options;
    }

    public LedgerOptions Options { get; }

    public LedgerState Committed { get; private init; }

    public LedgerState Projected { get; private init; }

    /// <summary>Events in <see cref="Committed"/>.</summary>
    public long Sequence { get; private init; }

    /// <summary>Events handed out for writing.</summary>
    public int InFlight => _inFlight.Length;

    /// <summary>Events that wait for the next batch.</summary>
    public int Waiting => _pending.Count;

    private ImmutableDictionary<TriggerKey, OpenPart> _parts { get; init; } = ImmutableDictionary<TriggerKey, OpenPart>.Empty;

    private ImmutableSortedSet<(TimeSpan At, TriggerKey Key)> _deadlines { get; init; } = ImmutableSortedSet<(TimeSpan, TriggerKey)>.Empty;

    private ImmutableList<PendingEvent> _pending { get; init; } = [];

    private ImmutableArray<PendingEvent> _inFlight { get; init; } = [];

    private ImmutableDictionary<StationId, TimeSpan> _lastHeard { get; init; } = ImmutableDictionary<StationId, TimeSpan>.Empty;

    private TimeSpan _recoveredAt { get; init; }

    private ImmutableDictionary<StationId, object?> _holders { get; init; } = ImmutableDictionary<StationId, object?>.Empty;

    private long _snapshotAt { get; init; }

    private bool _stopped { get; init; }

    private TimeSpan? _wroteAt { get; init; }

    public static PartLedger Start(LineId line, LedgerOptions options) => new(LedgerState.Empty(line), 0, options);

    /// <summary>From a snapshot; events after it are applied with <see cref="Replay"/>.</summary>
    /// <param name="state">As the snapshot has it.</param>
    /// <param name="sequence">How many events made it.</param>
    /// <param name="options">Times and sizes.</param>
    public static PartLedger Start(LedgerState state, long sequence, LedgerOptions options) => new(state, sequence, options);

    /// <summary>Recovery: applies a stored event. Never after the first <see cref="Step"/>.</summary>
    public PartLedger Replay(ILineEvent e)
    {
        var next = Committed.Apply(e);
        return this with { Committed = next, Projected = next, Sequence = Sequence + 1 };
    }

    /// <summary>When the next open part must be concluded, or null.</summary>
    public TimeSpan? NextDeadline => _deadlines.IsEmpty ? null : _deadlines.Min.At;

    /// <summary>When waiting events may be written: any step from then on does. Null when nothing waits, or a write is under way.</summary>
    public TimeSpan? NextWriteAt => Waiting > 0 && InFlight == 0 ? _wroteAt is { } at ? at + Options.WriteEvery : TimeSpan.MinValue : null;

    public (PartLedger Next, IReadOnlyList<LedgerEffect> Effects) Step(LedgerInput input, Moment now)
    {
        if (_stopped)
        {
            return (this, []);
        }

        var turn = new Turn(this, now);
        switch (input)
        {
            case LedgerInput.Received received:
                // promise P4: what is due concludes first, so that evidence after its deadline is late however rarely the clock ticks
                turn.OnTick();
                if (!turn.Ledger._stopped)
                {
                    turn.On(received.Message, received.From);
                }

                break;
            case LedgerInput.Committed:
                turn.OnCommitted();
                break;
            case LedgerInput.WriteFailed failed:
                turn.Stop(failed.Why);
                break;
            case LedgerInput.Tick:
                turn.OnTick();
                break;
            case LedgerInput.Recovered:
                turn.OnRecovered();
                break;
            default:
                throw new InvalidOperationException($"the ledger does not know the input {input.GetType().Name}");
        }

        if (!turn.Ledger._stopped)
        {
            turn.WriteNext();
        }

        return (turn.Ledger, turn.Effects);
    }
}
