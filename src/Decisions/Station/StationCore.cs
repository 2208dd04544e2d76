using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Station;

/// <summary>
/// One station's mind: its trigger, its lease, its window of open parts, what its cameras and its gate are told (rules S3, S4, S6, L2, L3, V5,
/// W8). Deterministic; one thread; monotonic times. The shell calls, and performs what it is called for.
/// </summary>
public sealed partial class StationCore
{
    private readonly LineId _line;
    private readonly StationId _station;
    private readonly NodeId _node;
    private readonly StationWindow _window;
    private readonly TriggerPacer _pacer;
    private readonly IStationShell _shell;
    private readonly bool _pulled;
    private string _incarnation;
    private string _lastId = "";
    private bool _exhausted;
    private bool _draining;
    private bool _halted;
    private long _triggers;

    /// <param name="perSecond">Rule S3: the pace; null: pulled.</param>
    public StationCore(LineId line, StationId station, NodeId node, StationOptions options, double? perSecond, IStationShell shell)
    {
        (_line, _station, _node, _shell) = (line, station, node, shell);
        _window = new StationWindow(line, station, options);
        _pacer = new TriggerPacer(perSecond);
        _pulled = perSecond is null;
        _incarnation = shell.NewIncarnation();
    }

    public StationWindow Window => _window;

    /// <summary>Triggers no more, finishes what is open and releases the lease.</summary>
    public void Stop(TimeSpan now)
    {
        _draining = true;
        GoOn(now);
    }

    /// <summary>A camera's view is done (rule W8).</summary>
    /// <returns>Whether its part is open: then the copy of its frame waits for the conclusion.</returns>
    public bool Evidence(LineCommands.SubmitEvidence evidence, TimeSpan now)
    {
        var send = _window.Evidence(evidence, now);
        var isOpen = send.Count > 0;
        Send(send);
        GoOn(now);
        return isOpen;
    }

    /// <summary>Every 50 ms or so.</summary>
    public void Tick(TimeSpan now)
    {
        if (_askedAt is not { } at || now - at >= _window.Options.RenewEvery)
        {
            AskLease(now);
        }

        Send(_window.Tick(now));
        if (_releaseAgainAt <= now)
        {
            _releaseAgainAt = null;
            _shell.Tell(new GateInput.Drain());
        }

        GoOn(now);
    }

    /// <summary>Rules S2, L3: a paced source triggers whatever happens; what it cannot inspect it counts and reports.</summary>
    public void Pace(TimeSpan now)
    {
        if (_window.Epoch == 0 || _exhausted || _draining || _halted)
        {
            _pacer.Rest(now);
            return;
        }

        for (var due = _pacer.Due(now); due > 0 && NextId() is { } id; due--)
        {
            if (_window.Open >= _window.Options.MostCounted)
            {
                LetGo(now);
                return;
            }

            if (!_window.HoldsLease(now))
            {
                GiveUp(id, FallbackReason.SupervisorUnavailable, "the station's lease ran out", now);
            }
            else if (!_window.HasRoom)
            {
                GiveUp(id, FallbackReason.Shed, $"{_window.Open} parts are open, the window is full", now);
            }
            else if (!_shell.HasSlots)
            {
                GiveUp(id, FallbackReason.Shed, "the frame ring is full", now);
            }
            else
            {
                Trigger(id, now);
            }
        }

        FinishWhenDone();
    }

    /// <summary>The gate's interlock has stopped the line, or lets it run again: while it stands nothing comes before the cameras.</summary>
    public void Halted(bool stands, TimeSpan now)
    {
        _halted = stands;
        GoOn(now);
    }

    private void GoOn(TimeSpan now)
    {
        TriggerPulled(now);
        FinishWhenDone();
    }

    /// <summary>Rule S3: the next trigger of a pulled source is stamped only when window and ring have room.</summary>
    private void TriggerPulled(TimeSpan now)
    {
        while (_pulled && !_exhausted && !_draining && !_halted && _window.HoldsLease(now) && _window.HasRoomInOrder && _shell.HasSlots && NextId() is { } id)
        {
            Trigger(id, now);
        }
    }

    private string? NextId()
    {
        var id = _shell.NextAfter(_lastId);
        _exhausted = id is null;
        _lastId = id ?? _lastId;
        return id;
    }

    /// <summary>Rule S6: supervisor and gate hear of the trigger before any work.</summary>
    private void Trigger(string id, TimeSpan now)
    {
        var (key, send) = _window.Trigger(id, now);
        Announce(key, id, send, now);
        _shell.Expose(key, id, now + _window.Options.DecisionDeadline);
    }

    private void GiveUp(string id, FallbackReason reason, string detail, TimeSpan now)
    {
        var (key, send) = _window.GiveUp(id, reason, detail, now);
        Announce(key, id, send, now);
        _shell.Note(new StationNote.GaveUp(reason));
    }

    private void Announce(TriggerKey key, string id, IReadOnlyList<ILineMessage> send, TimeSpan now)
    {
        Send(send);
        _shell.Tell(new GateInput.Announce(key.Epoch, key.Counter, id, now));
        _triggers++;
    }

    private void Send(IReadOnlyList<ILineMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            _shell.Tell(messages[i]);
        }
    }
}
