using System.Text;
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
public sealed class LogBuilder : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);

    /// <summary>A witness that is away is asked again so often; meanwhile the log goes on without it.</summary>
    private static readonly TimeSpan WitnessAgain = TimeSpan.FromSeconds(10);

    private readonly LogSetup _setup;
    private readonly MonotonicClock _clock;
    private readonly Cosigning _cosigning;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ChainWriter _chain = new(LogChain.Id);
    private readonly LogBook _book = new();
    private readonly List<IActorRef> _flushing = [];
    private readonly List<IActorRef> _nextFlush = [];
    private bool _busy;
    private bool _more;
    private long _cosigned;
    private TimeSpan _askAgainAt;
    private string? _witnessTrouble;
    private string? _lineTrouble;

    public LogBuilder(LogSetup setup, MonotonicClock clock)
    {
        _setup = setup;
        _clock = clock;
        _cosigning = new Cosigning(setup.Witnesses);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId => PersistenceIds.Log;

    public static Props Props(LogSetup setup, MonotonicClock clock) => Akka.Actor.Props.Create(() => new LogBuilder(setup, clock));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case Sealed stored:
                _book.Apply(_chain.Accept(stored).Event);
                _cosigned = _book.Note is { } note && _cosigning.IsSigned(note) ? _book.Signed!.Size : _cosigned;
                break;
            case RecoveryCompleted:
                Timers.StartPeriodicTimer("round", Round.Instance, TimeSpan.Zero, RoundEvery);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Flush:
                _nextFlush.Add(Sender);
                BeginWhenIdle();
                break;
            case Round:
                BeginWhenIdle();
                break;
            case LogReading reading:
                On(reading);
                break;
            case Cosigning.Outcome outcome:
                On(outcome);
                break;
            case Status.Failure failure:
                _log.Warning(failure.Cause, "log: a round failed, tried again: {What}", failure.Cause.Message);
                End(failure.Cause.Message);
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

    private void BeginWhenIdle()
    {
        if (!_busy)
        {
            Begin();
        }
    }

    private void Begin()
    {
        _busy = true;
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

    private bool MayAsk => _setup.Witnesses is not [] && _clock.Now >= _askAgainAt;

    private void Sign()
    {
        var checkpoint = new Checkpoint(_setup.Signer.Verifier.Name, _book.Tree.Size, _book.Tree.Root);
        var note = new SignedNote(checkpoint.ToString(), [_setup.Signer.Sign(checkpoint.ToString(), TimeProvider.System.GetUtcNow())]);
        if (MayAsk)
        {
            // the tree stays as it is until this round ends
            _cosigning.AskAsync(note, checkpoint.Size, from => _book.Tree.ProveConsistency(from, checkpoint.Size), CancellationToken.None).PipeTo(Self);
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
            End(_witnessTrouble); // what is behind is not signed: it would be another history
        }
    }

    private void Keep(SignedNote note, int cosignatures)
    {
        var size = _book.Tree.Size;
        Write(new LogSigned(_clock.Utc.Ticks, size, Encoding.UTF8.GetString(note.ToBytes())), () =>
        {
            _cosigned = cosignatures > 0 ? size : _cosigned;
            End(_witnessTrouble);
        });
    }

    private void End(string? trouble)
    {
        _busy = false;
        var all = string.Join("; ", new[] { trouble, _lineTrouble }.OfType<string>());
        _setup.Health.Report = new LogReport(_book.Tree.Size, _book.Signed?.Size ?? 0, _setup.Witnesses is [] ? null : _cosigned, all.Length > 0 ? all : null);
        if (!_more)
        {
            _flushing.ForEach(f => f.Tell(Flushed.Instance));
            _flushing.Clear();
        }

        if (_more || _nextFlush.Count > 0)
        {
            Begin();
        }
    }

    private void Write(ILineEvent e, Action then) => Persist(_chain.Seal(e), _ =>
    {
        _book.Apply(e);
        then();
    });

    /// <summary>Sign what lines have written so far; answered with <see cref="Flushed"/>.</summary>
    public sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    public sealed class Flushed : INoSerializationVerificationNeeded
    {
        public static readonly Flushed Instance = new();
    }

    private sealed class Round : INoSerializationVerificationNeeded
    {
        public static readonly Round Instance = new();
    }
}
