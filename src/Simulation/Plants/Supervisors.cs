using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>
/// The supervisor nodes as a cluster: one of them runs the line. Where it is not reached for some seconds another one starts the line
/// (rules V1, V8); the one before goes on as a zombie until it learns of it, and only the journal's unique sequence stops what it writes.
/// </summary>
internal sealed class Supervisors
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Plant _plant;
    private readonly IReadOnlyList<Node> _nodes;
    private readonly LineShell?[] _shells;
    private int _host;
    private TimeSpan _missedSince = TimeSpan.MaxValue;
    private TimeSpan _patience;

    public Supervisors(Plant plant, IReadOnlyList<Node> nodes)
    {
        (_plant, _nodes, _shells) = (plant, nodes, new LineShell?[nodes.Count]);
        for (var i = 0; i < nodes.Count; i++)
        {
            var index = i;
            nodes[i].Boot = () =>
            {
                _shells[index] = null;
                if (index == _host)
                {
                    Run(index);
                }
            };
        }
    }

    public Node Host => _nodes[_host];

    public LineShell? Line => _shells[_host];

    public void Begin()
    {
        _patience = _plant.Random.Ms(1500, 4000);
        _plant.Every(LookEvery, null, () =>
        {
            Look();
            _plant.Network.Look();
            _plant.Auditor.Overdue();
            return true;
        });
    }

    /// <summary>A message to the line, from wherever: it goes to the node that runs it, as the cluster knows by now.</summary>
    public void Tell(Node from, ILineMessage message, object sender)
    {
        var to = _host;
        _plant.Network.Send(from, _nodes[to], Wire.Remoting, message, () => _shells[to]?.Receive(message, sender));
    }

    private void Run(int index) => _shells[index] = new LineShell(_plant, _nodes[index]);

    private void Look()
    {
        var host = Host;
        var others = _nodes.Where(n => n != host).ToArray();
        var seen = host.IsUp && host.PausedUntil <= _plant.Now && (others.Length == 0 || others.Count(n => _plant.Network.Reach(host, n)) * 2 >= others.Length);
        if (seen || others.Length == 0)
        {
            _missedSince = TimeSpan.MaxValue;
            return;
        }

        _missedSince = _missedSince == TimeSpan.MaxValue ? _plant.Now : _missedSince;
        if (_plant.Now - _missedSince < _patience || others.FirstOrDefault(n => n.IsUp && n.PausedUntil <= _plant.Now) is not { } next)
        {
            return;
        }

        _plant.Trace.Say("cluster", $"moves the line from node {host.Index} to node {next.Index}");
        var before = _host;
        _missedSince = TimeSpan.MaxValue;
        _host = _nodes.ToList().IndexOf(next);
        Run(_host);

        // it learns of it when it is reached again, or runs again; until then it is a zombie
        _plant.At(_plant.Random.Ms(0, 3000), _nodes[before], () => _shells[before]?.End());
        _plant.At(_plant.Random.Ms(3000, 3001), null, () =>
        {
            if (_host != before)
            {
                _shells[before]?.End();
                _shells[before] = null;
            }
        });
    }
}
