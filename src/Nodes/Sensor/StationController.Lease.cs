using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Sensor.Ejectors;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

public sealed partial class StationController
{
    /// <summary>
    /// Cameras and gate belong to the holder of the lease (rule L1): opened with its first epoch, kept while it is the one that holds the
    /// station, and given back where another node does.
    /// </summary>
    private void OpenDevices()
    {
        if (_devices.Count > 0)
        {
            return;
        }

        var plan = _setup.Plan.Gate;
        var again = ++_opened == 1 ? "" : $"-{_opened}";
        var options = new GateOptions { Transport = plan.Transport, Travel = plan.Travel };
        _gate = Context.ActorOf(LineGate.Props(_context, _line, _station, options, () => new SimulatedEjector(plan.EjectorLog)), $"gate{again}");
        _devices.Add(_gate);
        _cameras = [.. _setup.Cameras.Select(c => new CameraPort(c.Plan, _setup.Models))];
        for (var i = 0; i < _cameras.Length; i++)
        {
            _devices.Add(Context.ActorOf(CameraSession.Props(_context, _station, _cameras[i], _setup.Cameras[i].Open, _setup.Models.Coarse.Manifest.Preparation), $"camera-{_cameras[i].Plan.Camera}{again}"));
        }
    }

    private void CloseDevices()
    {
        _devices.ForEach(Context.Stop);
        _devices.Clear();
        (_cameras, _gate) = ([], ActorRefs.Nobody);
    }

    private void AskLease(TimeSpan now)
    {
        _lastAsk = now;
        _context.Supervisors.Tell(_window.AskLease(_context.Node, _incarnation, now));
    }

    private void OnReply(ILineMessage message, TimeSpan now)
    {
        switch (message)
        {
            case LineReplies.StationGranted x when x.Epoch != _window.Epoch:
                Begin(x, now);
                break;
            case LineReplies.StationRenewed x when x.Epoch == _window.Epoch:
                _window.Renewed(x, now);
                _gate.Tell(new GateMessages.Lease(_window.LeaseUntil));
                break;
            case LineReplies.TriggersAccepted x:
                Send(_window.Accepted(x.Epoch, x.UpTo, now));
                break;
            case LineReplies.FellBackRecorded x:
                foreach (var counter in _window.ClosedRange(x.Epoch, x.From, x.To))
                {
                    // concluded, and the conclusion was lost on the way: not OK for the gate, whatever it was
                    TellNotOk(new TriggerKey(_line, _station, x.Epoch, counter));
                }

                break;
            case LineReplies.AlreadyConcluded x:
                if (_window.Closed(x.Key))
                {
                    TellNotOk(x.Key); // its verdict is no longer kept
                }

                break;
            case LineReplies.StaleEpoch x when x.Epoch == _window.Epoch:
                Fence(x, now);
                break;
            case LineReplies.StationRefused x:
                CloseDevices();
                if (x.Reason != _waitsBecause)
                {
                    _waitsBecause = x.Reason;
                    _log.Info("station {Station} of line {Line} stands by: {Reason}", _station, _line, x.Reason);
                }

                break;
            case LineReplies.StationReleased x when x.Epoch == _window.Epoch:
                _log.Info("station {Station} of line {Line} ended epoch {Epoch} cleanly after {Triggers} triggers", _station, _line, x.Epoch, _triggers);
                Finished();
                break;
            case LineReplies.Refused x:
                _releasing = false;
                _log.Warning("line {Line} refused {Command}: {Reason}", _line, x.Command, x.Reason);
                break;
        }
    }

    private void TellNotOk(TriggerKey key)
    {
        var unknown = Conclusion.FellBack(FallbackReason.Deadline);
        _frames.Concluded(key, unknown);
        _gate.Tell(new LineReplies.PartClosed(key, unknown, Disposition.Hold, ""));
    }

    /// <summary>Rules L1, J7: a new epoch; a file source resumes after the last accepted part.</summary>
    private void Begin(LineReplies.StationGranted x, TimeSpan now)
    {
        if (!_window.Granted(x, now))
        {
            return; // an old grant that came late
        }

        OpenDevices();
        _lastId = x.LastExternalId;
        _exhausted = false;
        _gate.Tell(new GateMessages.Begin(x.Epoch));
        _gate.Tell(new GateMessages.Lease(_window.LeaseUntil));
        _pacer.Rest(now);
        _log.Info("station {Station} of line {Line} holds epoch {Epoch}, resumes after '{Last}'", _station, _line, x.Epoch, x.LastExternalId);
    }

    private void Fence(LineReplies.StaleEpoch x, TimeSpan now)
    {
        var open = _window.Fenced();
        _frames.Unknown();
        _incarnation = Guid.NewGuid().ToString("N"); // what it asks for next is a new holder's epoch, never this one again
        _gate.Tell(new GateMessages.Fence());
        _log.Warning("station {Station} of line {Line}: epoch {Epoch} is over (current {Current}); {Open} open parts are diverted", _station, _line, x.Epoch, x.CurrentEpoch, open.Length);
        AskLease(now);
    }

    /// <summary>Everything concluded and every act journalled: a clean stop gives an exact tail (rule J2).</summary>
    private void FinishWhenDone()
    {
        if (_draining && _window.Epoch == 0)
        {
            Finished();
            return;
        }

        if ((_exhausted || _draining) && !_releasing && _window.Epoch > 0 && _window.IsIdle)
        {
            _releasing = true;
            _gate.Tell(new GateMessages.Drain(), Self);
        }
    }

    private void Finished()
    {
        Context.Parent.Tell(new StationFinished(_line, _station, _triggers));
        Context.Stop(Self);
    }

    private void Release(long epoch)
    {
        if (epoch == _window.Epoch && _window.IsIdle)
        {
            _context.Supervisors.Tell(new LineCommands.ReleaseStation(_line, _station, epoch, _window.LastCounter));
            Timers.StartSingleTimer("release", ReleaseAgain.Instance, TimeSpan.FromSeconds(1));
        }
        else
        {
            _releasing = false;
        }
    }

    private sealed class ReleaseAgain : INoSerializationVerificationNeeded
    {
        public static readonly ReleaseAgain Instance = new();
    }
}
