using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Station;

// what the supervisor says, and the lease (rules L1-L3, J2, J7)
public sealed partial class StationCore
{
    /// <summary>An act that was not journalled, or a release that was not answered, is asked for again.</summary>
    private static readonly TimeSpan ReleaseAgain = TimeSpan.FromSeconds(1);

    private TimeSpan? _askedAt;
    private TimeSpan? _releaseAgainAt;
    private string _waitsBecause = "";
    private bool _open;
    private bool _releasing;
    private bool _finished;

    /// <summary>What the line's supervisor says.</summary>
    public void On(ILineMessage message, TimeSpan now)
    {
        switch (message)
        {
            case LineReplies.PartClosed x:
                if (_window.Closed(x.Key))
                {
                    Concluded(x.Key, x.Conclusion);
                }

                break;
            case LineReplies.EvidenceReceived x:
                _window.Received(x.Key, now);
                return;
            case LineReplies.StationGranted x when x.Epoch != _window.Epoch:
                Begin(x, now);
                break;
            case LineReplies.StationRenewed x when x.Epoch == _window.Epoch:
                _window.Renewed(x, now);
                _shell.Tell(new GateInput.Lease(_window.LeaseUntil, x.Interlock));
                break;
            case LineReplies.TriggersAccepted x:
                Send(_window.Accepted(x.Epoch, x.UpTo, now));
                break;
            case LineReplies.FellBackRecorded x:
                foreach (var counter in _window.ClosedRange(x.Epoch, x.From, x.To))
                {
                    ConcludedUnknown(new TriggerKey(_line, _station, x.Epoch, counter)); // the conclusion was lost on the way
                }

                break;
            case LineReplies.AlreadyConcluded x:
                if (_window.Closed(x.Key))
                {
                    ConcludedUnknown(x.Key); // its verdict is no longer kept
                }

                break;
            case LineReplies.StaleEpoch x when x.Epoch == _window.Epoch:
                Fence(x, now);
                break;
            case LineReplies.StationRefused x when _window.Epoch == 0: // else the answer to an earlier request was overtaken by the grant
                StandBy(x.Reason);
                break;
            case LineReplies.InterlockRecorded x when _open:
                _shell.Tell(new GateInput.InterlockHeard(x.Changes));
                break;
            case LineReplies.StationReleased x when x.Epoch == _window.Epoch:
                Finished();
                return;
            case LineReplies.Refused x:
                (_releasing, _releaseAgainAt) = (false, null);
                _shell.Note(new StationNote.Refused(x.Command, x.Reason));
                break;
            default:
                break;
        }

        GoOn(now);
    }

    /// <summary>Everything concluded and every act journalled: a clean stop gives an exact tail (rule J2).</summary>
    public void Drained(long epoch, TimeSpan now)
    {
        if (epoch == _window.Epoch && _window.IsIdle)
        {
            _shell.Tell(new LineCommands.ReleaseStation(_line, _station, epoch, _window.LastCounter));
            _releaseAgainAt = now + ReleaseAgain;
        }
        else
        {
            _releasing = false;
        }
    }

    private void AskLease(TimeSpan now)
    {
        _askedAt = now;
        _shell.Tell(_window.AskLease(_node, _incarnation, now));
    }

    /// <summary>Rules L1, J7: a new epoch; a file source resumes after the last accepted part.</summary>
    private void Begin(LineReplies.StationGranted x, TimeSpan now)
    {
        if (!_window.Granted(x, now))
        {
            return; // an old grant that came late
        }

        if (!_open)
        {
            _open = true;
            _shell.OpenDevices();
        }

        (_lastId, _exhausted, _releasing, _releaseAgainAt) = (x.LastExternalId, false, false, null);
        _halted |= InterlockChanged.IsStopped(x.Interlock); // the gate says when it may go on
        _shell.Tell(new GateInput.Begin(x.Epoch, x.Interlock));
        _shell.Tell(new GateInput.Lease(_window.LeaseUntil, x.Interlock));
        _pacer.Rest(now);
        _shell.Note(new StationNote.Began(x.Epoch, x.LastExternalId));
        if (!_window.HoldsLease(now))
        {
            AskLease(now); // the grant answers a request of long ago: the next answer is the first lease
        }

    }

    private void Fence(LineReplies.StaleEpoch x, TimeSpan now)
    {
        _shell.Note(new StationNote.LostEpoch(x.Epoch, x.CurrentEpoch, _window.Open));
        Leave(now);
    }

    /// <summary>Promise P8: nobody has concluded anything for so long that counting on would take memory without a bound. All divert.</summary>
    private void LetGo(TimeSpan now)
    {
        _shell.Note(new StationNote.LetGo(_window.Epoch, _window.Open));
        Leave(now);
    }

    private void Leave(TimeSpan now)
    {
        _ = _window.Fenced();
        _shell.ConclusionsLost();
        _incarnation = _shell.NewIncarnation(); // what it asks for next is a new holder's epoch, never this one again
        _shell.Tell(new GateInput.Fence());
        AskLease(now);
    }

    /// <summary>Another node holds the station: cameras and gate belong to it (rule L1).</summary>
    private void StandBy(string reason)
    {
        if (_open)
        {
            (_open, _halted) = (false, false);
            _shell.CloseDevices();
        }

        if (reason != _waitsBecause)
        {
            _waitsBecause = reason;
            _shell.Note(new StationNote.StandsBy(reason));
        }
    }

    private void Concluded(TriggerKey key, Conclusion conclusion)
    {
        _shell.Concluded(key, conclusion);
        _shell.Tell(new GateInput.Closed(key, conclusion));
    }

    /// <summary>Not OK for the gate, whatever it was.</summary>
    private void ConcludedUnknown(TriggerKey key) => Concluded(key, Conclusion.FellBack(FallbackReason.Deadline));

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
            _shell.Tell(new GateInput.Drain());
        }
    }

    private void Finished()
    {
        _releaseAgainAt = null;
        if (!_finished)
        {
            _finished = true;
            _shell.Finished(_triggers);
        }
    }
}
