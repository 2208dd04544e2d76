using Inspection.Protocol;
using Inspection.Simulation.Checking;
using Inspection.Simulation.Engine;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>
/// A whole plant in one thread and virtual time: its nodes, the network between them, the journal, the belts, and what watches over the
/// promises. The same shape and seed give the same history.
/// </summary>
internal sealed class Plant
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public Plant(PlantShape shape, ulong seed, TextWriter? reader)
    {
        Shape = shape;
        Random = new Rng(seed);
        Trace = new Trace(Agenda, reader);
        Faults = new FaultBook(Random.Fork(), () => Belts!.Open);
        Models = new Models();
        Auditor = new Auditor(this);
        Belts = new Belts(this);
        Node[] sensors = [.. Enumerable.Range(0, shape.Sensors).Select(i => Add($"sensor-{i}"))];
        Node[] supervisors = [.. Enumerable.Range(0, shape.Supervisors).Select(i => Add($"supervisor-{i}"))];
        Node[] workers = [.. Enumerable.Range(0, shape.Workers.Count).Select(i => Add($"worker-{i}"))];
        Journal = new Journal(this, Add("journal"));
        Network = new Network(this);
        Supervisors = new Supervisors(this, supervisors);
        Sensors = [.. sensors.Select((n, i) => new SensorNode(this, n, i))];
        Workers = [.. workers.Select((n, i) => new WorkerNode(this, n, shape.Workers[i]))];
        Operator = new Operator(this);
    }

    public PlantShape Shape { get; }

    public Rng Random { get; }

    public Agenda Agenda { get; } = new();

    public Trace Trace { get; }

    public FaultBook Faults { get; }

    public Models Models { get; }

    public Network Network { get; }

    public Journal Journal { get; }

    public Auditor Auditor { get; }

    public Belts Belts { get; }

    public Supervisors Supervisors { get; }

    public IReadOnlyList<SensorNode> Sensors { get; }

    public IReadOnlyList<WorkerNode> Workers { get; }

    public Operator Operator { get; }

    public List<Node> Nodes { get; } = [];

    public TimeSpan Now => Agenda.Now;

    /// <summary>After it no fault fires any more and what was broken is whole.</summary>
    public bool IsHealed { get; private set; }

    public TimeSpan HealedAt { get; private set; }

    /// <summary>When a process that was stopped went on last.</summary>
    public TimeSpan LastPause { get; private set; } = TimeSpan.FromDays(-1);

    public TimeSpan Clock(Node node) => Agenda.Now + node.ClockOffset;

    public DateTime Utc(Node node) => Start + Agenda.Now + node.UtcSkew;

    public Node Named(string name) => Nodes.Single(n => n.Name == name);

    public void At(TimeSpan after, Node? node, Action action) => Agenda.At(after, node, action);

    /// <summary>Again and again in this life of the node.</summary>
    public void Every(TimeSpan period, Node? node, Func<bool> action)
    {
        Agenda.At(period, node, () =>
        {
            if (action())
            {
                Every(period, node, action);
            }
        });
    }

    public void Boot()
    {
        foreach (var node in Nodes.OrderBy(n => n == Journal.Node ? 0 : 1))
        {
            node.Start(Random);
        }

        Supervisors.Begin();
        Operator.Begin();
    }

    /// <summary>kill -9, and a start after a while.</summary>
    public void Crash(Node node, TimeSpan downFor)
    {
        if (!node.IsUp)
        {
            return;
        }

        Trace.Say(node.Name, $"is killed, for {downFor.Ticks} ticks");
        node.Kill();
        Network.Gone(node);
        At(downFor, null, () => Restart(node));
    }

    public void Restart(Node node)
    {
        if (!node.IsUp)
        {
            Trace.Say(node.Name, $"starts");
            node.Start(Random);
        }
    }

    /// <summary>At most until all heals: what waits for the node then happens.</summary>
    public void Pause(Node node, TimeSpan time)
    {
        time = Now + time > Shape.FaultsUntil ? Shape.FaultsUntil - Now : time;
        Trace.Say(node.Name, $"is stopped for {time.Ticks} ticks");
        node.PausedUntil = Now + time > node.PausedUntil ? Now + time : node.PausedUntil;
        LastPause = node.PausedUntil > LastPause ? node.PausedUntil : LastPause;
    }

    /// <summary>Everything runs and reaches everything; clocks stay where they are.</summary>
    public void Heal()
    {
        Trace.Say("world", $"heals");
        (IsHealed, HealedAt, Faults.IsOver) = (true, Now, true);
        LastPause = LastPause > Now ? Now : LastPause;
        Network.Heal();
        Journal.Heal();
        foreach (var node in Nodes)
        {
            node.PausedUntil = TimeSpan.Zero;
            Restart(node);
        }

        foreach (var worker in Workers)
        {
            worker.Slowdown = 1;
        }

        foreach (var sensor in Sensors)
        {
            sensor.Heal();
        }
    }

    public PromiseBrokenException Broken(string what) => new($"at {Now.TotalSeconds:0.000000} s: {what}");

    private Node Add(string name)
    {
        var node = new Node(Nodes.Count, name);
        Nodes.Add(node);
        return node;
    }
}
