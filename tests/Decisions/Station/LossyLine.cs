using Inspection.Decisions.Ledger;
using Inspection.Decisions.Station;
using Inspection.Decisions.Tests.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Station;

/// <summary>
/// A station and a line supervisor with a bad link between them, in virtual time and from one seed: messages are lost, doubled, delayed and
/// (unless the link keeps their order) overtaken; the supervisor crashes, with its last write stored or not, and is away for a while.
/// </summary>
internal sealed class LossyLine
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Random _random;
    private readonly bool _ordered;
    private readonly PriorityQueue<Action, (long At, int Order)> _agenda = new();
    private readonly StationWindow _window = new(Given.Line, Given.Front, new StationOptions { DecisionDeadline = Given.Deadline, Window = 8 });
    private readonly List<ILineEvent> _journal = [];
    private PartLedger? _ledger;
    private IReadOnlyList<ILineEvent>? _inFlight;
    private TimeSpan _now;
    private TimeSpan _lastUp;
    private TimeSpan _lastDown;
    private int _order;
    private int _life;
    private int _toTrigger;

    public LossyLine(int seed, bool ordered, int parts)
    {
        (_random, _ordered, _toTrigger) = (new Random(seed), ordered, parts);
        Rebuild();
        _ = Step(new LedgerInput.Received(new LineCommands.ActivateRecipe(Given.Line, Given.Recipe, "t", "t"), null));
        _ = Step(new LedgerInput.Received(new LineCommands.ActivateModel(Given.Line, Given.Coarse, "p", "{}", "", "", "t", "t"), null));
        _ = Step(new LedgerInput.Received(new LineCommands.ActivateModel(Given.Line, Given.Verifier, "p", "{}", "", "", "t", "t"), null));
        Every(Tick, () => Step(new LedgerInput.Tick()));
        Every(TimeSpan.FromMilliseconds(500), AskLease);
        Every(Tick, () => Up(_window.Tick(_now)));
        Every(TimeSpan.FromMilliseconds(_random.Next(20, 120)), Trigger);
        for (var crash = 0; crash < 2; crash++)
        {
            At(TimeSpan.FromMilliseconds(_random.Next(300, 4000)), Crash); // the line is set up by then
        }
    }

    public JournalAudit Audit { get; } = new();

    /// <summary>What the station heard about each of its parts.</summary>
    public Dictionary<TriggerKey, Conclusion> Heard { get; } = [];

    /// <summary>Every part that was triggered.</summary>
    public List<TriggerKey> Triggered { get; } = [];

    public HashSet<long> Fenced { get; } = [];

    /// <summary>Runs until every part is concluded and known here; false when that takes more than two minutes of virtual time.</summary>
    public bool Run()
    {
        while (_now < TimeSpan.FromMinutes(2) && !(_toTrigger == 0 && _window.IsIdle))
        {
            _ = _agenda.TryDequeue(out var action, out var when);
            _now = new TimeSpan(when.At);
            action!();
        }

        return _toTrigger == 0 && _window.IsIdle;
    }

    private void Trigger()
    {
        if (_toTrigger == 0 || _window.Epoch == 0)
        {
            return;
        }

        _toTrigger--;
        if (!_window.HoldsLease(_now) || !_window.HasRoom || _random.Next(12) == 0)
        {
            var (lost, report) = _window.GiveUp($"part-{_toTrigger}", FallbackReason.Shed, "no room", _now);
            Triggered.Add(lost);
            Up(report);
            return;
        }

        var (key, send) = _window.Trigger($"part-{_toTrigger}", _now);
        Triggered.Add(key);
        Up(send);
        foreach (var camera in Given.CamerasOf(Given.Front))
        {
            At(TimeSpan.FromMilliseconds(_random.Next(5, 200)), () => Up(_window.Evidence(key, Given.EvidenceOf(key, camera), _now)));
        }
    }

    private void AskLease() => Up([_window.AskLease(Given.NodeA, $"i{_life}", _now)]);

    /// <summary>As the station's shell does it.</summary>
    private void Hear(ILineMessage message)
    {
        switch (message)
        {
            case LineReplies.StationGranted x:
                var before = _window.Epoch;
                if (_window.Granted(x, _now))
                {
                    _ = before > 0 && Fenced.Add(before); // its own request, overtaken by its triggers, ended the epoch it already had
                }

                break;
            case LineReplies.StationRenewed x:
                _window.Renewed(x, _now);
                break;
            case LineReplies.TriggersAccepted x:
                Up(_window.Accepted(x.Epoch, x.UpTo, _now));
                break;
            case LineReplies.EvidenceReceived x:
                _window.Received(x.Key, _now);
                break;
            case LineReplies.PartClosed x when _window.Closed(x.Key):
                Heard.Add(x.Key, x.Conclusion);
                break;
            case LineReplies.AlreadyConcluded x:
                _ = _window.Closed(x.Key);
                break;
            case LineReplies.FellBackRecorded x:
                _ = _window.ClosedRange(x.Epoch, x.From, x.To);
                break;
            case LineReplies.StaleEpoch x when x.Epoch == _window.Epoch:
                _ = Fenced.Add(x.Epoch);
                _ = _window.Fenced();
                _life++; // it lost its place: as a restarted holder it gets an epoch of its own
                break;
        }
    }

    private List<ILineMessage> Step(LedgerInput input)
    {
        if (_ledger is null)
        {
            return []; // away
        }

        (_ledger, var effects) = _ledger.Step(input, new Moment(_now, DateTime.UnixEpoch + _now));
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case LedgerEffect.Persist persist:
                    Assert.Null(_inFlight);
                    _inFlight = persist.Events;
                    At(TimeSpan.FromMilliseconds(_random.Next(1, 60)), () => Committed(persist.Events));
                    break;
                case LedgerEffect.Reply reply:
                    Down(reply.Message);
                    break;
                case LedgerEffect.TellStation tell:
                    Down(tell.Message);
                    break;
            }
        }

        return [];
    }

    private void Committed(IReadOnlyList<ILineEvent> batch)
    {
        if (ReferenceEquals(batch, _inFlight))
        {
            Store();
            _ = Step(new LedgerInput.Committed());
        }
    }

    private void Store()
    {
        foreach (var e in _inFlight!)
        {
            _journal.Add(e);
            Audit.Read(e);
        }

        _inFlight = null;
    }

    private void Crash()
    {
        if (_inFlight is not null && _random.Next(2) == 0)
        {
            Store();
        }

        (_inFlight, _ledger) = (null, null);
        At(TimeSpan.FromMilliseconds(_random.Next(0, 1500)), Rebuild);
    }

    private void Rebuild()
    {
        if (_ledger is null)
        {
            _ledger = PartLedger.Start(Given.Line, new LedgerOptions());
            _journal.ForEach(e => _ledger = _ledger.Replay(e));
            _ = Step(new LedgerInput.Recovered());
        }
    }

    private void Up(IReadOnlyList<ILineMessage> messages)
    {
        foreach (var message in messages)
        {
            Deliver(ref _lastUp, () => Step(new LedgerInput.Received(message, null)));
        }
    }

    private void Down(ILineMessage message) => Deliver(ref _lastDown, () => Hear(message));

    private void Deliver(ref TimeSpan last, Action arrive)
    {
        for (var copy = 0; copy < (_ordered || _random.Next(10) > 0 ? 1 : 2); copy++)
        {
            if (_random.Next(5) > 0)
            {
                var at = _now + TimeSpan.FromMilliseconds(_random.Next(0, !_ordered && _random.Next(25) == 0 ? 4000 : 150));
                last = _ordered && at < last ? last : at;
                At(last - _now, arrive);
            }
        }
    }

    private void Every(TimeSpan period, Action action) => At(period, () =>
    {
        action();
        Every(period, action);
    });

    private void At(TimeSpan after, Action action) => _agenda.Enqueue(action, ((_now + after).Ticks, _order++));
}
