using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Engine;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>A sensor node: its stations, and its work dispatcher around the same leases as in the product.</summary>
internal sealed class SensorNode
{
    private readonly Plant _plant;
    private readonly Dictionary<WorkerId, WorkStream> _streams = [];
    private readonly HashSet<WorkerId> _busy = [];
    private WorkLeases<SimTicket> _leases = null!;

    public SensorNode(Plant plant, Node node, int index)
    {
        (_plant, Node, Package) = (plant, node, plant.Models.Coarse[0].ModelDigest);
        node.Boot = () => Boot(index);
    }

    public Node Node { get; }

    public List<StationShell> Stations { get; } = [];

    public WorkLeases<SimTicket> Leases => _leases;

    /// <summary>Pieces of work that were added and have not ended.</summary>
    public int InHand { get; private set; }

    /// <summary>What new frames are scored with.</summary>
    public Digest Package { get; set; }

    /// <summary>What a local worker takes, milliseconds.</summary>
    public double LocalTime { get; set; } = 12;

    public void Heal() => LocalTime = 12;

    /// <summary>Rules W1, W6: to the worker that the frame needs next, or to its station as evidence.</summary>
    public void Route(SimTicket ticket)
    {
        if (FrameWay.Next(ticket.Outcome, ticket.Stage, ticket.Regions.Length, _plant.Shape.HasVerifier) is not { } stage)
        {
            ticket.Camera.Return(ticket);
            return;
        }

        ticket.Stage = stage;
        var coarse = stage == WorkStage.Coarse;
        var terms = new WorkTerms(stage, coarse ? ticket.Package : _plant.Models.Verifier.ModelDigest, ticket.DeadlineAt)
        {
            Verifier = coarse ? _plant.Models.Verifier.ModelDigest : Digest.None,
            Ring = ticket.Camera.Index + 1,
            RingSlots = 16,
        };
        if (_leases.TryAdd(ticket, terms, Now))
        {
            InHand++;
        }
        else
        {
            GiveUp(ticket, "the work queue is full");
        }

        Match();
    }

    public void Join(WorkStream stream, IEnumerable<Digest> holds, IEnumerable<Digest> loadable)
    {
        foreach (var old in _streams.Where(s => s.Value.Worker == stream.Worker).ToArray())
        {
            _ = _streams.Remove(old.Key);
        }

        var id = _leases.Join(new NodeId(stream.Worker.Node.Name), Now);
        (_streams[id], stream.Id) = (stream, id);
        foreach (var package in loadable)
        {
            _leases.CanLoad(id, package);
        }

        foreach (var package in holds)
        {
            _leases.Holds(id, package);
        }

        Match();
    }

    public void Credit(WorkStream stream, WorkStage stage, int count)
    {
        if (_streams.ContainsKey(stream.Id))
        {
            stream.Credit[(int)stage] += count;
            _leases.Credit(stream.Id, stage, count);
            Match();
        }
    }

    public void Leave(WorkStream stream)
    {
        if (_streams.Remove(stream.Id))
        {
            _leases.Lost(stream.Id, Now);
            Match();
        }
    }

    /// <summary>As the product's: what makes no sense ends the stream; what does not count is no evidence.</summary>
    public void Answer(WorkStream stream, WorkAnswer answer)
    {
        if (!_streams.ContainsKey(stream.Id))
        {
            return;
        }

        stream.AnsweredAt = Now;
        if (stream.Offers.Remove(answer.Offer, out var sent) && answer.Mismatch(sent.Question) is not null)
        {
            stream.Break();
            return;
        }

        _plant.Trace.Say(Node.Name, $"is answered offer {answer.Offer} by {stream.Worker.Node}: {answer.Result}");
        if (answer.Result is WorkResult.GivenUp)
        {
            _ = _leases.Returned(stream.Id, answer.Offer, Now);
        }
        else if (_leases.Answered(stream.Id, answer.Offer, Now, out var ticket) == AnswerOutcome.Accepted)
        {
            InHand--;
            ticket!.Apply(answer.Result);
            Route(ticket);
        }

        Match();
    }

    private TimeSpan Now => _plant.Clock(Node);

    private void Boot(int index)
    {
        _leases = new WorkLeases<SimTicket>(new WorkLeasesOptions { Capacity = _plant.Shape.WorkCapacity });
        InHand = 0;
        _streams.Clear();
        _busy.Clear();
        Stations.Clear();
        if (_plant.Shape.LocalWorkers)
        {
            foreach (var stage in new[] { WorkStage.Coarse, WorkStage.Coarse, WorkStage.Verify })
            {
                var id = _leases.JoinLocal(stage);
                _leases.Credit(id, Now);
            }
        }

        Stations.AddRange(_plant.Shape.Stations.Where(s => s.Sensors.Contains(index)).Select(s => new StationShell(_plant, this, s)));
        _plant.Every(TimeSpan.FromMilliseconds(50), Node, () =>
        {
            Match();
            return true;
        });
    }

    private void Match()
    {
        while (_leases.TryTakeOverdue(Now, out var late))
        {
            InHand--;
            GiveUp(late, "its deadline came before a worker was free");
        }

        while (_leases.TryOffer(Now, out var offer))
        {
            if (offer.IsLocal)
            {
                InHand--;
                Work(offer);
            }
            else
            {
                _streams[offer.Worker].Send(offer);
            }
        }

        Bounded();
    }

    /// <summary>Promise P8, rules W2, W3: sizes, credit, shares and budgets are kept, and nobody waits for ever for a worker that is silent.</summary>
    private void Bounded()
    {
        if (InHand > _plant.Shape.WorkCapacity)
        {
            throw _plant.Broken($"P8: {InHand} pieces of work are under way on {Node}, {_plant.Shape.WorkCapacity} are the most");
        }

        var counts = _leases.Counts;
        if (counts.Reoffers > 2 + (counts.Offers / 10) + (2 * (int)(_plant.Now.TotalSeconds / 10)))
        {
            throw _plant.Broken($"W2: {counts.Reoffers} of {counts.Offers} offers on {Node} were made again");
        }

        foreach (var stream in _streams.Values)
        {
            stream.Bounded(Now);
        }
    }

    private void Work(Offer<SimTicket> offer)
    {
        var ticket = offer.Work;
        if (!_busy.Add(offer.Worker))
        {
            throw _plant.Broken($"W1: {offer.Worker} of {Node} was handed more work than it gave credit for");
        }

        // now and then a session overruns by seconds: then its part is concluded without it
        var takes = _plant.Faults.Rate(Fault.Overload) > 0 && _plant.Random.Chance(0.03) ? _plant.Random.Ms(2000, 9000) : _plant.Random.Ms(LocalTime * 0.8, LocalTime * 1.4);
        _plant.At(takes, Node, () =>
        {
            ticket.Apply(Inference.Run(_plant, ticket.Shows, ticket.Camera.Index, ticket.Stage, offer.Terms.Package, ticket.Regions.Length));
            Route(ticket);
            _ = _busy.Remove(offer.Worker);
            _leases.Credit(offer.Worker, Now);
            Match();
        });
    }

    private void GiveUp(SimTicket ticket, string why)
    {
        if (FrameWay.GivenUp(ticket.Stage) is { } outcome)
        {
            ticket.EndWith(outcome, why);
        }

        if (ticket.Stage == WorkStage.Verify)
        {
            ticket.Camera.Return(ticket);
        }
        else
        {
            Route(ticket);
        }
    }
}
