using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Inspection.Audit.Journals;
using Inspection.Decisions.Ledger;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// One line's supervisor: the shell over <see cref="PartLedger"/>. It receives, calls Step, performs the effects. It persists only sealed
/// records (rule J1) with its own next sequence and hash (rule V4), one batch at a time, and lets an answer leave only after the commit.
/// </summary>
public sealed class LineSupervisor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>A fifth of the commit budget (rule V2): events of so long share one synchronous commit.</summary>
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>A line whose records are broken reads them again so often, in case they were mended: each time costs a whole recovery.</summary>
    private static readonly TimeSpan RereadEvery = TimeSpan.FromSeconds(10);

    private readonly LineId _line;
    private readonly MonotonicClock _clock;
    private readonly TimeSpan _started;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private PartLedger _ledger;
    private ChainWriter _chain;
    private int _unwritten;
    private long _snapshotAt;
    private BrokenChainException? _broken;

    public LineSupervisor(LineId line, MonotonicClock clock, string journalPlugin, string snapshotPlugin)
    {
        _line = line;
        _clock = clock;
        _started = clock.Now;
        _chain = new ChainWriter(line);
        _ledger = PartLedger.Start(line, Options());
        PersistenceId = PersistenceIds.Line(line);
        JournalPluginId = journalPlugin;
        SnapshotPluginId = snapshotPlugin;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId { get; }

    public static Props Props(LineId line, MonotonicClock clock) => Props(line, clock, JournalPlugins.LinesJournal, JournalPlugins.LinesSnapshots);

    internal static Props Props(LineId line, MonotonicClock clock, string journalPlugin, string snapshotPlugin) =>
        Akka.Actor.Props.Create(() => new LineSupervisor(line, clock, journalPlugin, snapshotPlugin)).WithDispatcher(OneLane.Dispatcher);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                Restore(offer);
                break;
            case Sealed stored:
                Replay(stored);
                break;
            case RecoveryCompleted when _broken is not null:
                Timers.StartSingleTimer("reread", Reread.Instance, RereadEvery);
                break;
            case RecoveryCompleted:
                if (LastSequenceNr != _chain.NextSequence - 1)
                {
                    throw new InvalidOperationException($"line {_line}: the journal ends at {LastSequenceNr}, the chain at {_chain.NextSequence - 1}");
                }

                _log.Info("line {Line}: holds {Sequence} records, {Read} of them read after its snapshot, {Seconds} s after it was started here", _line, LastSequenceNr, LastSequenceNr - _snapshotAt, Math.Round((_clock.Now - _started).TotalSeconds, 2));
                Timers.StartPeriodicTimer("tick", Tick.Instance, TickEvery);
                Step(new LedgerInput.Recovered());
                break;
            default:
                throw new InvalidOperationException($"line {_line}: the journal holds a {message.GetType().Name}, not a sealed record");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ILineMessage when _broken is not null:
                Sender.Tell(new LineReplies.Refused(_line, message.GetType().Name, $"the journal of this line is broken at {_broken.Message}"));
                break;
            case Reread:
                Context.Stop(Self); // its parent starts it anew
                break;
            case Tick:
                Step(new LedgerInput.Tick());
                break;
            case LineQueries.GetLineStatus when Sender is { } asker:
                Step(new LedgerInput.Received((ILineMessage)message, asker));
                break;
            case ILineMessage command:
                Step(new LedgerInput.Received(command, Sender));
                break;
            case SaveSnapshotSuccess or DeleteSnapshotSuccess:
                break;
            case SaveSnapshotFailure failure:
                _log.Warning(failure.Cause, "line {Line}: snapshot at {Sequence} was not saved; recovery will take longer", _line, failure.Metadata.SequenceNr);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _log.Error(reason, "line {Line}: recovery failed; nothing on this line passes until it succeeds, tried again within seconds", _line);
        if (_snapshotAt > 0 && reason is (BrokenChainException or FormatException or InvalidOperationException))
        {
            // a snapshot is a cache: where it contradicts the records it is thrown away, and the next start replays them all; a journal
            // that is away says nothing about it
            DeleteSnapshots(new SnapshotSelectionCriteria(long.MaxValue));
        }

        base.OnRecoveryFailure(reason, message);
    }

    /// <summary>Rule V4: a rejected write leaves a hole unless the actor stops (Akka only logs it by itself; after a failure it stops it).</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Step(new LedgerInput.WriteFailed($"the journal rejected record {sequenceNr}: {cause.Message}"));

    private void Step(LedgerInput input)
    {
        var (next, effects) = _ledger.Step(input, new Moment(_clock.Now, _clock.Utc));
        _ledger = next;
        foreach (var effect in effects)
        {
            Perform(effect);
        }

        if (_ledger.NextWriteAt is { } due && !Timers.IsTimerActive("write"))
        {
            var wait = due - _clock.Now;
            Timers.StartSingleTimer("write", Tick.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }
    }

    private void Perform(LedgerEffect effect)
    {
        switch (effect)
        {
            case LedgerEffect.Persist persist:
                Write(persist.Events);
                break;
            case LedgerEffect.Reply { To: IActorRef to } reply:
                to.Tell(reply.Message is LineQueries.LineStatus status ? status with { Sequence = _chain.NextSequence - 1, Head = _chain.Head } : reply.Message);
                break;
            case LedgerEffect.TellStation { To: IActorRef holder } tell:
                holder.Tell(tell.Message);
                break;
            case LedgerEffect.Snapshot snapshot:
                SaveSnapshot(new SealedSnapshot(new LedgerSnapshot(snapshot.Sequence, _chain.Head, snapshot.State).ToBytes()));
                break;
            case LedgerEffect.Stop stop:
                throw new JournalUnavailableException($"line {_line}: {stop.Why}"); // its parent starts it anew
        }
    }

    private void Write(IReadOnlyList<ILineEvent> events)
    {
        var sealedBatch = new Sealed[events.Count];
        for (var i = 0; i < sealedBatch.Length; i++)
        {
            sealedBatch[i] = _chain.Seal(events[i]);
        }

        _unwritten = sealedBatch.Length;
        PersistAllAsync(sealedBatch, OnWritten);
    }

    // runs once an event, with commands in between; the batch is committed at the last one
    private void OnWritten(Sealed stored)
    {
        if (--_unwritten == 0)
        {
            Step(new LedgerInput.Committed());
        }
    }

    private void Restore(SnapshotOffer offer)
    {
        _snapshotAt = offer.Metadata.SequenceNr;
        var snapshot = LedgerSnapshot.FromBytes(((SealedSnapshot)offer.Snapshot).Bytes.Span);
        if (snapshot.Sequence != offer.Metadata.SequenceNr || snapshot.State.Line != _line)
        {
            throw new FormatException($"line {_line}: the snapshot at {offer.Metadata.SequenceNr} is of line {snapshot.State.Line} at {snapshot.Sequence}");
        }

        _chain = new ChainWriter(_line, snapshot.Sequence + 1, snapshot.Head);
        _ledger = PartLedger.Start(snapshot.State, snapshot.Sequence, Options());
    }

    /// <summary>
    /// Rule J1: nothing is decided after a broken record. The line stays up to say so, and does not read its records over and over.
    /// </summary>
    private void Replay(Sealed stored)
    {
        if (_broken is not null)
        {
            return;
        }

        try
        {
            _ledger = _ledger.Replay(_chain.Accept(stored).Event);
        }
        catch (BrokenChainException e) when (_snapshotAt == 0)
        {
            _broken = e;
            _log.Error(e, "line {Line}: broken at {Record}; nothing on this line passes until the journal is repaired, looked at again every {Every} s", _line, e.Message, RereadEvery.TotalSeconds);
        }
    }

    private static LedgerOptions Options() => new() { WriterEpoch = Guid.NewGuid().ToString("N"), WriteEvery = WriteEvery };

    private sealed class Reread : INoSerializationVerificationNeeded
    {
        public static readonly Reread Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
