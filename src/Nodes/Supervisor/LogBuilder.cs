using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// Rule J8: builds the plant's log. In rounds, one after the other: read what lines have written, journal it as leaves, sign the new head, ask
/// the witnesses, journal what was signed. Only journalled leaves are signed, and its persistence id's sequence fences a second builder.
/// </summary>
public sealed partial class LogBuilder : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);
    /// <summary>A witness that is away is asked again so often, and when a run ends; meanwhile the log goes on without it.</summary>
    private static readonly TimeSpan WitnessAgain = TimeSpan.FromSeconds(10);

    /// <summary>A write or a read that got no answer for so long gets none: a new incarnation begins from the journal. As rule V4, for the log.</summary>
    private static readonly TimeSpan RoundOverdue = TimeSpan.FromSeconds(60);

    /// <summary>Rule V6; half of them are checkpoints.</summary>
    private const int SnapshotEvery = 1_000;

    private readonly LogSetup _setup;
    private readonly MonotonicClock _clock;
    private readonly int _snapshotEvery;
    private readonly Cosigning _cosigning;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IActorRef> _flushing = [];
    private readonly List<IActorRef> _nextFlush = [];
    private ChainWriter _chain = new(LogChain.Id);
    private LogBook _book = new();
    private long _snapshotAt;
    private bool _busy;
    private TimeSpan _roundSince;
    private bool _more;
    private long _cosigned;
    private TimeSpan _askAgainAt;
    private string? _witnessTrouble;
    private string? _lineTrouble;

    public LogBuilder(LogSetup setup, MonotonicClock clock, int snapshotEvery)
    {
        _snapshotEvery = snapshotEvery;
        _setup = setup;
        _clock = clock;
        _cosigning = new Cosigning(setup.Witnesses);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId => PersistenceIds.Log;

    public static Props Props(LogSetup setup, MonotonicClock clock, int snapshotEvery = SnapshotEvery) => Akka.Actor.Props.Create(() => new LogBuilder(setup, clock, snapshotEvery));

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Flush:
                _nextFlush.Add(Sender);
                Begin();
                break;
            case Round:
                Begin();
                break;
            case LogReading reading:
                On(reading);
                break;
            case Cosigning.Outcome outcome:
                On(outcome);
                break;
            case SaveSnapshotSuccess or DeleteSnapshotsSuccess:
                break;
            case SaveSnapshotFailure failure:
                _log.Warning(failure.Cause, "log: snapshot at {Sequence} was not saved; recovery will take longer", failure.Metadata.SequenceNr);
                break;
            case Status.Failure failure:
                _log.Warning(failure.Cause, "log: a round failed, tried again: {What}", failure.Cause.Message);
                End(failure.Cause.Message, isWhole: false);
                break;
        }
    }

    protected override void PostStop()
    {
        _setup.Health.Report = null; // the next builder may be on another node
        base.PostStop();
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new JournalUnavailableException($"log: the journal rejected record {sequenceNr}: {cause.Message}", cause);

    /// <summary>A round; none where one is under way.</summary>
    private void Begin()
    {
        if (_busy)
        {
            var waited = _clock.Now - _roundSince;
            if (waited > RoundOverdue)
            {
                throw new JournalUnavailableException($"log: a round has had no answer for {waited.TotalSeconds:0} s");
            }

            return;
        }

        (_busy, _roundSince) = (true, _clock.Now);
        _flushing.AddRange(_nextFlush);
        _nextFlush.Clear();
        var key = _setup.Signer.Verifier.ToString();
        if (_book.Key != key)
        {
            Write(new LogKeyChanged(_clock.Utc.Ticks, key), Read);
        }
        else
        {
            Read();
        }
    }

    /// <summary>On another thread: the journal's reader blocks.</summary>
    private void Read()
    {
        var ends = new Dictionary<LineId, LineHead>(_book.Ends);
        Task.Run(() =>
        {
            using var journal = _setup.OpenJournal();
            return LogReading.Of(journal, ends);
        }).PipeTo(Self);
    }

    private void On(LogReading reading)
    {
        var broken = reading.Broken is [] ? null : string.Join("; ", reading.Broken);
        if (broken is not null && broken != _lineTrouble)
        {
            _log.Error("log: gets no more leaves of a line that is broken: {What}", broken);
        }

        (_lineTrouble, _more) = (broken, reading.More);
        if (reading.Extents is not [])
        {
            Write(new LogExtended(_clock.Utc.Ticks, _book.Tree.Size, reading.Extents.ToEquatableList()), Sign);
        }
        else if (_book.Tree.Size > (_book.Signed?.Size ?? 0) || (_cosigned < _book.Tree.Size && MayAsk))
        {
            Sign();
        }
        else
        {
            End(_witnessTrouble);
        }
    }

    private bool MayAsk => _setup.Witnesses is not [] && (_clock.Now >= _askAgainAt || _flushing.Count > 0);

    private void Sign()
    {
        var tree = _book.Tree;
        var note = Checkpoint.Sign(_setup.Signer, tree.Size, tree.Root, TimeProvider.System.GetUtcNow());
        if (MayAsk)
        {
            // the tree stays as it is until this round ends
            Task.Run(() => _cosigning.AskAsync(note, tree.Size, from => GrowthProof.Of(tree, from, tree.Size, _setup.OpenJournal), CancellationToken.None)).PipeTo(Self);
        }
        else
        {
            Keep(note, 0);
        }
    }

    private void On(Cosigning.Outcome outcome)
    {
        if (outcome.Trouble is { } trouble)
        {
            _askAgainAt = _clock.Now + WitnessAgain;
            if (trouble != _witnessTrouble)
            {
                _log.Warning("log: goes on without a cosignature: {What}", trouble);
            }
        }
        else if (_witnessTrouble is not null)
        {
            _log.Info("log: is cosigned again");
        }

        _witnessTrouble = outcome.Trouble;
        if (outcome.Behind is null)
        {
            Keep(outcome.Note, outcome.Signatures);
        }
        else
        {
            End(_witnessTrouble, isWhole: false); // what is behind is not signed: it would be another history
        }
    }

    private void Keep(SignedNote note, int cosignatures)
    {
        var size = _book.Tree.Size;
        Write(new LogSigned(_clock.Utc.Ticks, size, note.ToString()), () =>
        {
            _cosigned = cosignatures > 0 ? size : _cosigned;
            SnapshotWhenDue();
            End(_witnessTrouble);
        });
    }

    /// <summary>Right after a checkpoint, when every leaf is signed; the tree then lets go of all before.</summary>
    private void SnapshotWhenDue()
    {
        var sequence = _chain.NextSequence - 1;
        if (sequence - _snapshotAt >= _snapshotEvery)
        {
            _snapshotAt = sequence;
            SaveSnapshot(new SealedSnapshot(_book.Snapshot(sequence, _chain.Head).ToBytes()));
            _book.Tree.Forget(_book.Tree.Size);
        }
    }

    /// <param name="isWhole">Whether all that was read is signed: else whoever waits for that goes on waiting.</param>
    private void End(string? trouble, bool isWhole = true)
    {
        _busy = false;
        var all = string.Join("; ", new[] { trouble, _lineTrouble }.OfType<string>());
        _setup.Health.Report = new LogReport(_book.Tree.Size, _book.Signed?.Size ?? 0, _setup.Witnesses is [] ? null : _cosigned, all.Length > 0 ? all : null);
        if (isWhole && !_more)
        {
            _flushing.ForEach(f => f.Tell(new Flushed()));
            _flushing.Clear();
        }

        if (isWhole && (_more || _nextFlush.Count > 0))
        {
            Begin();
        }
    }

    // not Persist: it would set aside every message until the journal answers, and nobody would notice that it does not
    private void Write(ILineEvent e, Action then) => PersistAsync(_chain.Seal(e), _ =>
    {
        _book.Apply(e);
        then();
    });

    /// <summary>Sign what lines have written so far; answered with <see cref="Flushed"/>.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded;

    public sealed record Flushed : INoSerializationVerificationNeeded;

    private sealed record Round : INoSerializationVerificationNeeded;
}
