using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>One offer as a worker gets it: copied when it was made, so that the ticket may be used again meanwhile.</summary>
internal sealed record WorkOrder(long Offer, WorkStage Stage, Digest Package, long Shows, int Camera, TimeSpan DeadlineAt, bool MustLoad, WorkQuestion Question);

/// <summary>One connection of a worker node to a sensor node. Both ends hear when it breaks, each in its own time.</summary>
internal sealed class WorkStream(Plant plant, SensorNode sensor, WorkerNode worker)
{
    private readonly CreditShare _coarse = new();
    private readonly CreditShare _verify = new();
    private readonly int _sensorLife = sensor.Node.Life;
    private bool _isBroken;

    public SensorNode Sensor => sensor;

    public WorkerNode Worker => worker;

    /// <summary>As the sensor node knows it.</summary>
    public WorkerId Id { get; set; }

    /// <summary>What was offered and not answered, at the sensor node.</summary>
    public Dictionary<long, WorkQuestion> Offers { get; } = [];

    public CreditShare Share(WorkStage stage) => stage == WorkStage.Coarse ? _coarse : _verify;

    public void Send(Offer<SimTicket> offer)
    {
        var ticket = offer.Work;
        var question = new WorkQuestion(ticket.Generation, ticket.Stage, ticket.Regions.Length, 2, 100, 100);
        Offers[offer.Id] = question;
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
