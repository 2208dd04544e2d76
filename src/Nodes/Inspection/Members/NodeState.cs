using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>What this process knows of itself while it starts, runs and leaves; any thread.</summary>
internal sealed class NodeState(NodePlan plan, Plant plant, IReadOnlyList<string> roles)
{
    private volatile string? _waitsFor = "the start";
    private volatile string? _waitsBecause;
    private volatile string _dataPlane = "";

    public NodePlan Plan => plan;

    public Plant Plant => plant;

    public IReadOnlyList<string> Roles => roles;

    public string Incarnation { get; } = Guid.NewGuid().ToString("N");

    public NodeDirectory Directory { get; } = new();

    public bool Has(string role) => roles.Contains(role);

    /// <summary>Whether it looks at frames.</summary>
    public bool Works => NodeRoles.Work(roles);

    /// <summary>What the start waits for, in words; null when it is over.</summary>
    public string? WaitsFor
    {
        get => _waitsFor;
        set => _waitsFor = value;
    }

    /// <summary>What is known about why it takes so long; null: nothing.</summary>
    public string? WaitsBecause
    {
        get => _waitsBecause;
        set => _waitsBecause = value;
    }

    /// <summary>Of a supervisor whose plant keeps a log; null otherwise.</summary>
    public LogHealth? Log { get; set; }

    /// <summary>host:port of the frame service; empty: none.</summary>
    public string DataPlane
    {
        get => _dataPlane;
        set => _dataPlane = value;
    }

    /// <summary>Whether <see cref="Identity"/> is all that it will be: a node with cameras knows where it serves their frames.</summary>
    public bool IsComplete => !Has(NodeRoles.Sensor) || DataPlane.Length > 0;

    public NodeMessages.NodeIdentity Identity() =>
        new(plan.Id, Incarnation, NodeMessages.ProtocolVersion, plant.Digest, new HostPort(plan.Host, plan.HttpPort).ToString(), DataPlane, DateTime.UtcNow.Ticks);
}
