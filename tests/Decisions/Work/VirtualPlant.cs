using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Sources and workers around <see cref="WorkLeases{TWork}"/>, stepped by the millisecond of a virtual clock.</summary>
internal sealed class VirtualPlant
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly List<VirtualWorker> _workers = [];
    private readonly List<(TimeSpan At, VirtualWorker Worker, Offer<object> Offer)> _running = [];
    private TimeSpan _now = TimeSpan.FromHours(1);
    private TimeSpan _nextPart;
    private int _inRing;

    public WorkLeases<object> Leases { get; } = new(new WorkLeasesOptions());

    public required TimeSpan Deadline { get; init; }

    public int RingSlots { get; init; } = 64;

    /// <summary>From a worker's answer to the decision: an answer within its deadline may still be too late.</summary>
    public TimeSpan WayBack { get; init; }

    /// <summary>Work whose first answer counted, or that a local worker did, and that was decided in time.</summary>
    public int Done { get; private set; }

    /// <summary>Parts for which the ring had no slot.</summary>
    public int Refused { get; private set; }

    /// <summary>A remote worker: credit is its sessions and one more, so that none waits for the next piece.</summary>
    public VirtualWorker Remote(string node, int sessions, int milliseconds, int? credit = null)
    {
        var id = Leases.Join(new NodeId(node), _now);
        Leases.Holds(id, LeaseRig.Model);
        Leases.Credit(id, WorkStage.Coarse, credit ?? sessions + 1);
        var worker = new VirtualWorker(id, false, sessions) { Milliseconds = milliseconds };
        _workers.Add(worker);
        return worker;
    }

    /// <param name="milliseconds">For one run.</param>
    /// <param name="batch">Pieces that one run takes; above 1 it has two batches in hand, as a GPU's detector.</param>
    public void Local(int milliseconds, int batch = 1)
    {
        var id = Leases.JoinLocal(WorkStage.Coarse);
        for (var credit = 0; credit < (batch == 1 ? 1 : 2 * batch); credit++)
        {
            Leases.Credit(id, _now);
        }

        _workers.Add(new VirtualWorker(id, true, 1) { Milliseconds = milliseconds, Batch = batch });
    }

    /// <param name="time">So long.</param>
    /// <param name="partsEvery">A part each time, as long as the ring has a slot; null: whenever it has one.</param>
    public void Run(TimeSpan time, TimeSpan? partsEvery)
    {
        _nextPart = _now;
        for (var end = _now + time; _now < end; _now += Step)
        {
            Finish();
            while (partsEvery is { } every ? _nextPart <= _now : _inRing < RingSlots)
            {
                _nextPart += partsEvery ?? TimeSpan.Zero;
                Trigger();
            }

            Match();
        }
    }

    private void Trigger()
    {
        if (_inRing == RingSlots)
        {
            Refused++;
            return;
        }

        _inRing++;
        Assert.True(Leases.TryAdd(new object(), new WorkTerms(WorkStage.Coarse, LeaseRig.Model, _now + Deadline) { RingSlots = RingSlots }, _now));
    }

    private void Match()
    {
        while (Leases.TryTakeOverdue(_now, out _))
        {
            _inRing--;
        }

        while (Leases.TryOffer(_now, out var offer))
        {
            var worker = _workers.Single(w => w.Id == offer.Worker);
            worker.InHand++;
            var start = worker.Start(_now);
            _running.Add((start, worker, offer));
        }
    }

    private void Finish()
    {
        foreach (var run in _running.Where(r => r.At <= _now && !r.Worker.IsFrozen).OrderBy(r => r.At).ToArray())
        {
            _ = _running.Remove(run);
            run.Worker.InHand--;
            if (run.Worker.IsLocal)
            {
                Count(run.Offer);
                Leases.Credit(run.Worker.Id, _now);
                continue;
            }

            if (Leases.Answered(run.Worker.Id, run.Offer.Id, _now, out _) == AnswerOutcome.Accepted)
            {
                Count(run.Offer);
            }

            Leases.Credit(run.Worker.Id, WorkStage.Coarse, 1);
            Match();
        }
    }

    private void Count(in Offer<object> offer)
    {
        _inRing--;
        Done += _now + WayBack <= offer.Terms.Deadline ? 1 : 0;
    }
}

/// <summary>So many sessions, each one piece at a time; what comes while all are busy waits in the worker.</summary>
internal sealed class VirtualWorker(WorkerId id, bool isLocal, int sessions)
{
    private readonly TimeSpan[] _freeAt = new TimeSpan[sessions];
    private TimeSpan _startsAt = TimeSpan.MinValue;
    private int _inBatch;

    public WorkerId Id => id;

    public bool IsLocal => isLocal;

    public required int Milliseconds { get; set; }

    public int Batch { get; init; } = 1;

    public bool IsFrozen { get; set; }

    public int InHand { get; set; }

    /// <summary>When a piece that comes now is done.</summary>
    public TimeSpan Start(TimeSpan now)
    {
        var next = Array.IndexOf(_freeAt, _freeAt.Min());
        if (_startsAt >= now && _inBatch < Batch)
        {
            _inBatch++;
            return _startsAt + TimeSpan.FromMilliseconds(Milliseconds);
        }

        (_startsAt, _inBatch) = (_freeAt[next] > now ? _freeAt[next] : now, 1);
        _freeAt[next] = _startsAt + TimeSpan.FromMilliseconds(Milliseconds);
        return _freeAt[next];
    }
}
