using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Engine;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>A worker node: sessions, credit and batches by the same cores as in the product; a stream to each sensor node.</summary>
internal sealed class WorkerNode
{
    private const int Sessions = 2;

    private readonly Plant _plant;
    private readonly double _milliseconds;
    private readonly List<WorkStream> _streams = [];
    private readonly HashSet<Digest> _holds = [];
    private readonly List<InHand> _waiting = [];
    private BatchPlanner _planner = null!;
    private int _busy;
    private bool _asks;

    public WorkerNode(Plant plant, Node node, double milliseconds)
    {
        (_plant, Node, _milliseconds) = (plant, node, milliseconds);
        node.Boot = Boot;
    }

    public Node Node { get; }

    /// <summary>How much slower than by itself.</summary>
    public double Slowdown { get; set; } = 1;

    public void Take(WorkStream stream, WorkOrder order)
    {
        if (order.MustLoad && _holds.Add(order.Package))
        {
            _plant.At(_plant.Random.Ms(300, 1500), Node, () => Queue(new InHand(stream, order)));
            return;
        }

        Queue(new InHand(stream, order));
    }

    public void Gone(WorkStream stream)
    {
        _ = _streams.Remove(stream);
        _ = _waiting.RemoveAll(w => w.Stream == stream);
        if (Node.IsUp)
        {
            var sensor = stream.Sensor;
            _plant.At(_plant.Random.Ms(100, 900), Node, () => Connect(sensor));
        }
    }

    private TimeSpan Now => _plant.Clock(Node);

    private void Boot()
    {
        _streams.Clear();
        _waiting.Clear();
        _holds.Clear();
        (_busy, _asks) = (0, false);
        _holds.Add(_plant.Models.Verifier.ModelDigest);
        _holds.Add(_plant.Models.Coarse[0].ModelDigest);
        _planner = new BatchPlanner(_plant.Shape.Batches ? new BatchPlannerOptions { Buckets = [1, 4, 8] } : BatchPlannerOptions.Cpu);
        foreach (var sensor in _plant.Sensors)
        {
            _plant.At(_plant.Random.Ms(1, 60), Node, () => Connect(sensor));
        }
    }

    private void Connect(SensorNode sensor)
    {
        if (_streams.Any(s => s.Sensor == sensor))
        {
            return;
        }

        if (!_plant.Network.Reach(Node, sensor.Node))
        {
            _plant.At(_plant.Random.Ms(300, 900), Node, () => Connect(sensor));
            return;
        }

        var stream = new WorkStream(_plant, sensor, this);
        _streams.Add(stream);
        _plant.Network.Connect(Node, sensor.Node, stream.Broke);
        Digest[] holds = [.. _holds.OrderBy(d => d.ToString(), StringComparer.Ordinal)];
        Digest[] loadable = [.. _plant.Models.Coarse.Select(m => m.ModelDigest).Except(holds)];
        stream.Up("hello", s => s.Join(stream, holds, loadable));
        foreach (var stage in new[] { WorkStage.Coarse, WorkStage.Verify })
        {
            var credit = stream.Share(stage).Aim(CreditShare.Of(Sessions, _plant.Sensors.Count, _plant.Sensors.ToList().IndexOf(sensor)));
            stream.Up("credit", s => s.Credit(stream, stage, credit));
        }
    }

    private void Queue(InHand work)
    {
        if (_streams.Contains(work.Stream))
        {
            _waiting.Add(work);
            Run();
        }
    }

    /// <summary>Rule W5: earliest deadline first, in batches where the planner says so.</summary>
    private void Run()
    {
        while (_busy < Sessions && _waiting.Count > 0)
        {
            _waiting.Sort(static (a, b) => a.Order.DeadlineAt.CompareTo(b.Order.DeadlineAt));
            var stage = _waiting[0].Order.Stage;
            InHand[] same = [.. _waiting.Where(w => w.Order.Stage == stage)];
            var plan = _planner.Plan(same.Length, same[0].Order.DeadlineAt, Now);
            if (!plan.RunsNow)
            {
                AskAgain(plan.WaitUntil);
                return;
            }

            Start([.. same.Take(plan.Take)], plan.Bucket);
        }
    }

    private void AskAgain(TimeSpan at)
    {
        if (!_asks)
        {
            _asks = true;
            _plant.At(at - Now, Node, () =>
            {
                _asks = false;
                Run();
            });
        }
    }

    private void Start(InHand[] batch, int bucket)
    {
        foreach (var work in batch)
        {
            _ = _waiting.Remove(work);
        }

        _busy++;
        var took = _plant.Random.Ms(0.8, 1.3) * (_milliseconds * (1 + (0.3 * (bucket - 1))) * Slowdown);
        _plant.At(took, Node, () =>
        {
            _busy--;
            _planner.Observe(bucket, took);
            foreach (var work in batch)
            {
                Answer(work);
            }

            Run();
        });
    }

    private void Answer(InHand work)
    {
        var order = work.Order;
        WorkResult result = order.DeadlineAt <= Now
            ? new WorkResult.GivenUp("late")
            : Inference.Run(_plant, order.Shows, order.Camera, order.Stage, order.Package, order.Question.Regions);
        var answer = new WorkAnswer(order.Offer, order.Question.Generation, result);
        if (_plant.Faults.Fires(Fault.WrongShape, 0.06))
        {
            answer = Wrong(answer, order);
        }

        var stream = work.Stream;
        stream.Up("answer", s => s.Answer(stream, answer));
        if (_plant.Faults.Fires(Fault.WrongShape, 0.03))
        {
            stream.Up("answer again", s => s.Answer(stream, answer));
        }

        var credit = stream.Share(order.Stage).Answered();
        stream.Up("credit", s => s.Credit(stream, order.Stage, credit));
    }

    private WorkAnswer Wrong(WorkAnswer answer, WorkOrder order) => (_plant.Random.Next(4), answer.Result) switch
    {
        (0, _) => answer with { Generation = answer.Generation + 1 },
        (1, WorkResult.Scored x) => answer with { Result = x with { Regions = [new PixelBox(90, 90, 20, 20)], Peaks = [1] } },
        (1, WorkResult.Looked x) => answer with { Result = x with { Probabilities = [.. x.Probabilities, 0f] } },
        (2, _) => answer with { Offer = answer.Offer + 1000 },
        _ => answer with { Result = order.Stage == WorkStage.Coarse ? new WorkResult.Looked(_plant.Models.Stamps[_plant.Models.Verifier.ModelDigest], []) : new WorkResult.Scored(0.1f, 1, _plant.Models.Stamps[_plant.Models.Coarse[0].ModelDigest], [], []) },
    };

    private sealed record InHand(WorkStream Stream, WorkOrder Order);
}
