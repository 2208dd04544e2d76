using System.Net.Http.Json;
using System.Text.Json;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>The /node page: who a node is. Read by the nodes that look for the cluster, and by status.</summary>
internal sealed record NodePage
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public required string Cluster { get; init; }

    public required string Node { get; init; }

    public required string Incarnation { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public required int Protocol { get; init; }

    /// <summary>SHA-256 of the plant file, in hexadecimal.</summary>
    public required string Plant { get; init; }

    public required DateTime Utc { get; init; }

    /// <summary>What its start waits for; null when it is over.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Why it is not over yet; null where there is no more to say.</summary>
    public string? WaitsBecause { get; init; }

    /// <summary>Both in words; null when it waits for nothing.</summary>
    public static string? Waiting(string? what, string? because) => what is null ? null : $"waits for {what}{(because is null ? "" : $": {because}")}";

    public WorkPage? Work { get; init; }

    public PingPage? Pings { get; init; }

    /// <summary>The plant's log, on the node that builds it; null on others.</summary>
    public LogReport? Log { get; init; }

    /// <summary>Packages this node's workers hold: model digests.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Who is in the cluster it has joined, up or not.</summary>
    public IReadOnlyList<SeenMember> Members { get; init; } = [];

    /// <param name="at">host:port of a node's pages.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Null where nobody answers, or somebody who is no node.</returns>
    public static async Task<NodePage?> ReadAsync(string at, CancellationToken cancel)
    {
        try
        {
            return await Http.GetFromJsonAsync<NodePage>($"http://{at}/node", NodeServer.Json, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public static NodePage Of(NodeState state, ClusterMember? member, MemberWork? work) => new()
    {
        Cluster = state.Plan.Cluster,
        Node = state.Plan.Id.Value,
        Incarnation = state.Incarnation,
        Roles = state.Roles,
        Protocol = NodeMessages.ProtocolVersion,
        Plant = state.Plant.Digest.ToString(),
        Utc = DateTime.UtcNow,
        WaitsFor = state.WaitsFor,
        WaitsBecause = state.WaitsBecause,
        Work = work?.Page(),
        Models = work?.Models ?? [],
        Log = state.Log?.Report,
        Members = member is null ? [] : Formation.SeenBy(member.System),
        Pings = state.Directory.Pings.Read() is { Count: > 0 } p ? new PingPage(p.Count, p.P50, p.P99, p.Max) : null,
    };
}

/// <summary>Round trips of small messages from this node to the others, in milliseconds, the last 512 of them.</summary>
internal sealed record PingPage(long Count, double P50Ms, double P99Ms, double MaxMs);

/// <summary>The work of a node with cameras or workers.</summary>
internal sealed record WorkPage
{
    public required IReadOnlyList<StagePage> Stages { get; init; }

    public required IReadOnlyList<WorkerPage> Workers { get; init; }
}

/// <param name="Stage">coarse or verify.</param>
/// <param name="Waiting">Frames that wait for a worker.</param>
/// <param name="QueueAgeSeconds">How long the oldest has waited.</param>
/// <param name="Credit">Frames that workers would take now.</param>
internal sealed record StagePage(string Stage, int Waiting, double QueueAgeSeconds, int Credit);

/// <param name="Worker">A node, or "here" for this one's own.</param>
/// <param name="InFlight">Frames it works on.</param>
/// <param name="Credit">Frames it would take now.</param>
/// <param name="OldestSeconds">How long it has had the oldest of them.</param>
/// <param name="State">ready, draining, or overdue (a lease of it ran out and it has not answered since).</param>
internal sealed record WorkerPage(string Worker, int InFlight, int Credit, double OldestSeconds, string State);
