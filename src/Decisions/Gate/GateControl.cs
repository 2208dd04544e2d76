using Inspection.Protocol;

namespace Inspection.Decisions.Gate;

/// <summary>
/// A gate as its shell sees it: <see cref="GateCore"/> with its lease (rule L2), its reports (rules G5, J4) and its interlock, which stops the
/// line after so many fallbacks in a row and lets it run again only when the journal has a person's word for it. Deterministic; one thread;
/// monotonic times from the gate's own clock.
/// </summary>
public sealed class GateControl(LineId line, StationId station, GateOptions options)
{
    private readonly GateCore _core = new(line, station, options);
    private readonly Queue<Asked> _asked = new();
    private readonly List<GateEffect> _effects = [];
    private readonly GateInterlock _interlock = new(options.StopAfter);
    private TimeSpan _leaseUntil = TimeSpan.MinValue;
    private TimeSpan? _stopToldAt;
    private bool _draining;

    public GateCore Core => _core;

    /// <summary>The interlock has stopped the line: nothing passes, and the station triggers nothing.</summary>
    public bool IsHalted => _interlock.IsStopped;

    /// <summary>Parts that the ejector was asked to pass and has not answered for.</summary>
    public int Asking => _asked.Count;

    /// <summary>The effects are valid until the next step.</summary>
    public IReadOnlyList<GateEffect> Step(GateInput input, TimeSpan now)
    {
        _effects.Clear();
        switch (input)
        {
            case GateInput.Begin x:
                Leave(_core.Begin(x.Epoch, now));
                Changed(_interlock.Began(x.Interlock), now);
                break;
            case GateInput.Announce x:
                _core.Announce(x.Epoch, x.Counter, x.ExternalId, x.StampedAt);
                break;
            case GateInput.Closed x:
                Act(_core.Close(x.Key, x.Conclusion, MayPass(now)), now);
                break;
            case GateInput.Lease x:
                _leaseUntil = x.Until;
                Changed(_interlock.Heard(x.Interlock), now);
                break;
            case GateInput.Fence:
                Leave(_core.Fence());
                break;
            case GateInput.Acted x:
                Acted(x);
                break;
            case GateInput.Recorded x:
                _core.Recorded(x.Epoch, x.NextExpected);
                break;
            case GateInput.InterlockHeard x:
                Changed(_interlock.Heard(x.Changes), now);
                break;
            case GateInput.Drain:
                _draining = true;
                break;
            case GateInput.Tick:
                Act(_core.Tick(now, MayPass(now)), now);
                break;
            default:
                throw new InvalidOperationException($"the gate does not know the input {input.GetType().Name}");
        }

        if (input is GateInput.Tick or GateInput.Recorded or GateInput.Drain)
        {
            Report(now); // not with each act: a report is a record, and costs the same for one act as for ten
        }

        return _effects;
    }

    private bool MayPass(TimeSpan now) => now < _leaseUntil;

    private void Act(IReadOnlyList<GateAct> acts, TimeSpan now)
    {
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            if (act.Pass && IsHalted)
            {
                act = act with { Pass = false, Why = "OK, but the interlock has stopped the line" };
            }

            _effects.Add(act.Pass ? new GateEffect.Pass(act) : new GateEffect.Divert(act));
            _asked.Enqueue(new Asked(act.Key, now, act.Pass ? null : false));
            if (_interlock.Counts(act))
            {
                _effects.Add(new GateEffect.Halt(_interlock.Why));
            }
        }
    }

    /// <summary>The epoch is over: what is on the belt is diverted, and its acts can no longer be journalled (rule J4: act unknown).</summary>
    private void Leave(IReadOnlyList<GateAct> acts)
    {
        _asked.Clear();
        for (var i = 0; i < acts.Count; i++)
        {
            _effects.Add(new GateEffect.Divert(acts[i]));
        }
    }

    private void Acted(GateInput.Acted said)
    {
        foreach (var asked in _asked)
        {
            if (asked.Key == said.Key)
            {
                asked.Passed ??= said.Passed;
            }
        }
    }

    /// <summary>Rule G3 holds for a line that stood, too: where its parts are by now no clock tells.</summary>
    private void Changed(bool? stopped, TimeSpan now)
    {
        if (stopped == true)
        {
            _effects.Add(new GateEffect.Halt(_interlock.Why));
        }
        else if (stopped == false)
        {
            _core.Purge(now);
            _effects.Add(new GateEffect.Run());
        }
    }

    private void Report(TimeSpan now)
    {
        // what may have passed is never called diverted: no answer in time counts as passed
        while (_asked.TryPeek(out var first) && (first.Passed is not null || now - first.At >= options.AnswerWithin))
        {
            _ = _asked.Dequeue();
            _core.Did(first.Passed ?? true);
            if (first.Passed is null)
            {
                _effects.Add(new GateEffect.Unanswered(first.Key));
            }
        }

        if (_core.Report(now, flush: true) is { } acts)
        {
            _effects.Add(new GateEffect.Tell(acts));
        }

        if (_interlock.Unrecorded is { } changes && _core.Epoch > 0 && (_stopToldAt is not { } at || now - at >= options.ResendAfter))
        {
            _stopToldAt = now;
            _effects.Add(new GateEffect.Tell(new LineCommands.ReportStopped(line, station, _core.Epoch, changes, _interlock.Why)));
        }

        if (_draining && _core.OnBelt == 0 && _core.Unreported == 0 && _asked.Count == 0)
        {
            _draining = false;
            _effects.Add(new GateEffect.Drained(_core.Epoch));
        }
    }

    private sealed class Asked(TriggerKey key, TimeSpan at, bool? passed)
    {
        public TriggerKey Key => key;

        public TimeSpan At => at;

        public bool? Passed { get; set; } = passed;
    }
}
