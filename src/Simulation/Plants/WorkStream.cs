using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>One offer as a worker gets it: copied when it was made, so that the ticket may be used again meanwhile.</summary>
internal sealed record WorkOrder(long Offer, WorkStage Stage, Digest Package, long Shows, int Camera, TimeSpan DeadlineAt, bool MustLoad, WorkQuestion Question);

/// <summary>One offer as the sensor node remembers it.</summary>
internal readonly record struct SentOffer(WorkQuestion Question, int Ring, TimeSpan At, TimeSpan DeadlineAt);

/// <summary>One connection of a worker node to a sensor node. Both ends hear when it breaks, each in its own time.</summary>
internal sealed class WorkStream(Plant plant, SensorNode sensor, WorkerNode worker)
{
    private readonly CreditShare _coarse = new();
    private readonly CreditShare _verify = new();
    private readonly int _sensorLife = sensor.Node.Life;
    private static readonly TimeSpan _longestLease = TimeSpan.FromSeconds(1.5);

    private bool _isBroken;

    public SensorNode Sensor => sensor;

    public WorkerNode Worker => worker;

    /// <summary>As the sensor node knows it.</summary>
    public WorkerId Id { get; set; }

    /// <summary>What was offered and not answered, at the sensor node.</summary>
    public Dictionary<long, SentOffer> Offers { get; } = [];

    /// <summary>When it last said anything about work, by the sensor node's clock.</summary>
    public TimeSpan AnsweredAt { get; set; }

    /// <summary>Credit that the sensor node has, by stage.</summary>
    public int[] Credit { get; } = new int[4];

    public CreditShare Share(WorkStage stage) => stage == WorkStage.Coarse ? _coarse : _verify;

    public void Send(Offer<SimTicket> offer)
    {
        var ticket = offer.Work;
        var question = new WorkQuestion(ticket.Generation, ticket.Stage, ticket.Regions.Length, 2, 100, 100);
        var at = plant.Clock(sensor.Node);
        Offers[offer.Id] = new SentOffer(question, ticket.Camera.Index, at, offer.MustLoad ? at + TimeSpan.FromSeconds(10) : offer.Terms.Deadline);
        if (--Credit[(int)ticket.Stage] < 0)
        {
            throw plant.Broken($"W1: {worker.Node} was offered more {ticket.Stage} work than it gave credit for");
        }

        if (Offers.Values.Count(o => o.Ring == ticket.Camera.Index) > 4)
        {
            throw plant.Broken($"W3: {worker.Node} holds more than a quarter of a ring of 16");
        }

        var left = offer.Terms.Deadline - plant.Clock(sensor.Node);
        var (shows, camera) = (ticket.Shows, ticket.Camera.Index);
        if (_isBroken)
        {
            return;
        }

        plant.Trace.Say(sensor.Node.Name, $"offers {offer.Id} of part {shows} to {worker.Node}, try {offer.Try}");
        plant.Network.Send(sensor.Node, worker.Node, Wire.Stream, "work", () =>
        {
            if (!_isBroken)
            {
                worker.Take(this, new WorkOrder(offer.Id, offer.Terms.Stage, offer.Terms.Package, shows, camera, plant.Clock(worker.Node) + left, offer.MustLoad, question));
            }
        });
    }

    /// <summary>Rule W2: a worker that is silent for longer than any lease gets no work until it answers.</summary>
    public void Bounded(TimeSpan now)
    {
        var silent = Offers.Values.Where(o => now > o.DeadlineAt && o.At > AnsweredAt).Select(o => now - o.At).DefaultIfEmpty().Max();
        if (silent > _longestLease && sensor.Leases.Workers(now).Single(w => w.Worker == Id) is { Suspended: false })
        {
            throw plant.Broken($"W2: {worker.Node} has been silent for {silent.TotalSeconds:0.00} s on {sensor.Node}, and its lease still runs");
        }
    }

    /// <summary>From the worker to the sensor node.</summary>
    public void Up(string what, Action<SensorNode> arrive)
    {
        if (!_isBroken)
        {
            plant.Network.Send(worker.Node, sensor.Node, Wire.Stream, what, () =>
            {
                if (!_isBroken)
                {
                    arrive(sensor);
                }
            });
        }
    }

    /// <summary>This end ends it.</summary>
    public void Break()
    {
        plant.Trace.Say(sensor.Node.Name, $"ends the stream of {worker.Node}");
        Broke();
    }

    public void Broke()
    {
        if (_isBroken)
        {
            return;
        }

        _isBroken = true;
        if (sensor.Node.IsUp && sensor.Node.Life == _sensorLife)
        {
            plant.At(plant.Random.Ms(0, 200), sensor.Node, () => sensor.Leave(this));
        }

        worker.Gone(this);
    }
}
