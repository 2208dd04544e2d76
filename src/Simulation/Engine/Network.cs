using Inspection.Protocol;
using Inspection.Simulation.Faults;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Engine;

/// <summary>How two nodes speak.</summary>
internal enum Wire
{
    /// <summary>Actor messages: at most once, in order by themselves; lost, doubled and overtaken by faults.</summary>
    Remoting,

    /// <summary>A connection: in order, each once, or it breaks.</summary>
    Stream,
}

/// <summary>The network between the nodes. Within a node nothing is lost.</summary>
internal sealed class Network
{
    private readonly Plant _plant;
    private readonly TimeSpan[,,] _last;
    private readonly TimeSpan[,] _cutUntil;
    private readonly TimeSpan[,] _slowUntil;
    private readonly List<(Node A, Node B, Action Broke)> _connections = [];

    public Network(Plant plant)
    {
        _plant = plant;
        var n = plant.Nodes.Count;
        (_last, _cutUntil, _slowUntil) = (new TimeSpan[2, n, n], new TimeSpan[n, n], new TimeSpan[n, n]);
    }

    /// <summary>When a message between two living nodes was lost last: what was said then is said again with back-off, up to 5 s later (rule V5).</summary>
    public TimeSpan LastLoss { get; private set; } = TimeSpan.FromDays(-1);

    /// <summary>Rules out messages of a named history.</summary>
    public Func<Node, Node, object, bool>? Loses { get; set; }

    public void Cut(Node from, Node to, TimeSpan time)
    {
        _plant.Trace.Say(from.Name, $"cannot reach node {to.Index} for {time.Ticks} ticks");
        _cutUntil[from.Index, to.Index] = _plant.Now + time;
    }

    public void Slow(Node from, Node to, TimeSpan time) => _slowUntil[from.Index, to.Index] = _plant.Now + time;

    public bool IsCut(Node from, Node to) => _cutUntil[from.Index, to.Index] > _plant.Now;

    public bool Reach(Node a, Node b) => a.IsUp && b.IsUp && !IsCut(a, b) && !IsCut(b, a);

    /// <param name="from">Whose.</param>
    /// <param name="to">Where.</param>
    /// <param name="wire">How.</param>
    /// <param name="message">For the trace.</param>
    /// <param name="arrive">In the life that the receiver has now.</param>
    public void Send(Node from, Node to, Wire wire, object message, Action arrive)
    {
        if (ReferenceEquals(from, to))
        {
            _plant.At(TimeSpan.Zero, to, arrive);
            return;
        }

        if (IsCut(from, to) || !to.IsUp || Loses?.Invoke(from, to, message) == true)
        {
            LastLoss = to.IsUp ? _plant.Now : LastLoss;
            Say("loses", from, to, message);
            return;
        }

        var faults = _plant.Faults;
        var latency = _plant.Random.Ms(0.2, 1.5);
        if (_slowUntil[from.Index, to.Index] > _plant.Now)
        {
            latency += _plant.Random.Ms(20, 600);
        }

        if (wire == Wire.Stream)
        {
            Deliver(from, to, wire, latency, isOrdered: true, message, arrive);
            return;
        }

        if (faults.Fires(Fault.Loss, 0.15))
        {
            LastLoss = _plant.Now;
            Say("loses", from, to, message);
            return;
        }

        var overtaken = faults.Fires(Fault.Reordering, 0.1);
        Deliver(from, to, wire, overtaken ? latency + _plant.Random.Ms(1, 1500) : latency, !overtaken, message, arrive);
        // what belongs to an epoch is most dangerous when it comes again in the next one
        var isOfEpoch = message is LineReplies.StationGranted or LineReplies.GateActsRecorded;
        if (faults.Fires(Fault.Duplication, isOfEpoch ? 0.5 : 0.1))
        {
            Deliver(from, to, wire, latency + _plant.Random.Ms(0, isOfEpoch ? 7000 : 2500), isOrdered: false, message, arrive);
        }
    }

    /// <summary>A connection is up: it breaks when one end dies, or when they do not reach each other for a second.</summary>
    public void Connect(Node a, Node b, Action broke) => _connections.Add((a, b, broke));

    public void Gone(Node node)
    {
        foreach (var connection in _connections.Where(c => c.A == node || c.B == node).ToArray())
        {
            Break(connection);
        }
    }

    /// <summary>Every now and then: who cannot be reached is taken for dead.</summary>
    public void Look()
    {
        foreach (var connection in _connections.ToArray())
        {
            if (IsCut(connection.A, connection.B) || IsCut(connection.B, connection.A))
            {
                Break(connection);
            }
        }
    }

    public void Heal()
    {
        Array.Clear(_cutUntil);
        Array.Clear(_slowUntil);
        Loses = null;
    }

    private void Break((Node A, Node B, Action Broke) connection)
    {
        if (_connections.Remove(connection))
        {
            connection.Broke();
        }
    }

    private void Deliver(Node from, Node to, Wire wire, TimeSpan latency, bool isOrdered, object message, Action arrive)
    {
        var at = _plant.Now + latency;
        if (isOrdered)
        {
            ref var last = ref _last[(int)wire, from.Index, to.Index];
            at = at < last ? last : at;
            last = at;
        }

        _plant.At(at - _plant.Now, to, () =>
        {
            Say("says", from, to, message);
            arrive();
        });
    }

    private void Say(string what, Node from, Node to, object message)
    {
        _plant.Trace.Add(MessageNames.HashOf(message));
        _plant.Trace.Say(from.Name, $"{what} to {to}: {MessageNames.TextOf(message, _plant.Trace.IsRead)}");
    }
}
