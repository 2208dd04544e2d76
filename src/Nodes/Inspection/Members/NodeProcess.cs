using Akka.Actor;
using Akka.Cluster;
using Inspection.Commands;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>
/// One member of a cluster from start to end: HTTP first (so that it can say what it waits for), then the checks that keep a node out of a
/// cluster it does not belong to, then the journal, the cluster, its roles; on a signal the other way round.
/// </summary>
internal sealed class NodeProcess(NodeState state, Output output)
{
    /// <summary>How often a node that is not up looks at the supervisors, and after how many looks it says what it saw.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private const int LooksASay = 5;

    private readonly TaskCompletionSource<string> _mustEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterMember? _member;
    private MemberWork? _work;

    /// <summary>Runs until <paramref name="stop"/>; the exit code.</summary>
    public async Task<int> RunAsync(PlantModels models, CancellationToken stop)
    {
        var status = new StatusPage(state, () => _member, () => _work);
        await using var server = await NodeServer.StartAsync(state.Plan.BindAddress, state.Plan.HttpPort, new NodePages
        {
            NotLive = () => _work?.NotLive(),
            NotReady = NotReadyAsync,
            Node = () => NodePage.Of(state, _member, _work),
            SeedNodes = () => _member is { } member ? Formation.SeedNodesPage(member.System) : null,
            Status = status.AskAsync,
            Supervisors = () => _member?.Supervisors,
            AccessKey = ProcessVariables.Read(ProcessVariables.AccessKey),
        });
        output.Line($"node {state.Plan.Id} ({string.Join(", ", state.Roles)}) of cluster {state.Plan.Cluster}: http://{new HostPort(state.Plan.Host, state.Plan.HttpPort)}/health/ready");
        try
        {
            await Preflight.CheckAsync(state, output, stop);
            using var journal = state.Has(NodeRoles.Supervisor) ? await JournalAsync(stop) : null;
            using var log = journal is not null && state.Plant.Log is not null ? await LogAsync(stop) : null;
            return await AsMemberAsync(journal, log, models, server, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.Error($"stopped while it waited for {state.WaitsFor ?? "its roles"}; it was no member");
            return ExitCodes.BadAnswer;
        }
    }

    private Task<JournalStore> JournalAsync(CancellationToken stop) => JournalStore.OpenWhenReachableAsync(
        state.Plant.Journal,
        why =>
        {
            (state.WaitsFor, state.WaitsBecause) = ("the journal", why);
            output.Warning($"node {state.Plan.Id}: {why}");
        },
        TimeProvider.System,
        stop);

    /// <summary>Rule J8: on a journal that is behind what a witness has seen no line starts.</summary>
    private async Task<LogSetup> LogAsync(CancellationToken stop)
    {
        var log = LogSetup.Open(state.Plant, makesKey: state.Plant.Journal is JournalPlan.Sqlite);
        state.Log = log.Health;
        if (await LogStart.CheckAsync(log, stop) is { } trouble)
        {
            output.Warning($"node {state.Plan.Id}: the plant's log goes on without a cosignature: {trouble}");
        }

        return log;
    }

    private async Task<int> AsMemberAsync(JournalStore? journal, LogSetup? log, PlantModels models, NodeServer server, CancellationToken stop)
    {
        (state.WaitsFor, state.WaitsBecause) = ("its models", null);
        await using var member = await MemberSystem.StartAsync(state, journal, log, stop);
        var cluster = Cluster.Get(member.System);
        cluster.RegisterOnMemberRemoved(() => _mustEnd.TrySetResult("this node was removed from the cluster (it was unreachable for too long, or too few supervisors were left); what it held goes on elsewhere, and a restarted node joins again"));
        _ = member.System.WhenTerminated.ContinueWith(_ => _mustEnd.TrySetResult("the actor system ended by itself"), TaskScheduler.Default);
        _ = member.System.ActorOf(NodeAgent.Props(state.Identity, () => state.IsComplete, state.Directory, MonotonicClock.System, why => _mustEnd.TrySetResult(why)), NodeAgent.Name);
        _member = member;
        await using var work = await MemberWork.PrepareAsync(state, member, models, journal?.Probe);
        state.WaitsFor = "the cluster";
        await Formation.StartAsync(member.System, state.Plan);
        if (!await IsUpAsync(member, stop))
        {
            output.Error(await _mustEnd.Task);
            return ExitCodes.BadAnswer;
        }

        (state.WaitsFor, state.WaitsBecause) = (null, null);
        output.Line($"node {state.Plan.Id} is up");
        await work.StartAsync();
        _work = work;
        if (state.Has(NodeRoles.Gateway))
        {
            server.AddLineMetrics([.. state.Plant.Lines.Select(l => l.Line)], member.Supervisors);
        }

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStop = stop.Register(() => stopped.TrySetResult());
        if (await Task.WhenAny(_mustEnd.Task, stopped.Task) == _mustEnd.Task)
        {
            output.Error(await _mustEnd.Task);
            return ExitCodes.BadAnswer;
        }

        state.WaitsFor = "its end: it drains and hands over";
        output.Line($"node {state.Plan.Id} drains");
        await work.DrainAsync();
        await member.DisposeAsync(); // hands over what it holds, and leaves, while its pages still answer
        output.Line($"node {state.Plan.Id} has left");
        return ExitCodes.Good;
    }

    /// <summary>Waits until this node is up, and says what it waits for; false where it has to end first.</summary>
    private async Task<bool> IsUpAsync(ClusterMember member, CancellationToken stop)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Get(member.System).RegisterOnMemberUp(() => up.TrySetResult());
        for (var looks = 1; ; looks++)
        {
            try
            {
                return await Task.WhenAny(up.Task, _mustEnd.Task).WaitAsync(LookAgain, stop) == up.Task;
            }
            catch (TimeoutException)
            {
                await LookAtSupervisorsAsync(member, say: looks % LooksASay == 0, stop);
            }
        }
    }

    /// <summary>While it waits for the cluster: who is there, and whether a cluster has formed without this node.</summary>
    private async Task LookAtSupervisorsAsync(ClusterMember member, bool say, CancellationToken stop)
    {
        var pages = await Task.WhenAll(state.Plan.Supervisors.Select(async s => (At: s, Page: await NodePage.ReadAsync(s.ToString(), stop))));
        if (pages.FirstOrDefault(p => p.Page is { } page && Beginnings.GivesWay(Formation.SeenBy(member.System), page.Members)) is { Page: { } other, At: var at })
        {
            _ = _mustEnd.TrySetResult($"two clusters began to form: node {other.Node} at {at} is in the other one, which goes on; this one has fewer than {state.Plan.RequiredSupervisors} supervisors and is given up; a restarted node joins the other");
            return;
        }

        if (say)
        {
            var seen = pages.Select(p => p.Page is { } page ? $"{p.At} answers{(page.WaitsFor is { } waits ? $" and waits for {waits}" : "")}" : $"{p.At} does not answer");
            state.WaitsBecause = $"{state.Plan.RequiredSupervisors} of {state.Plan.Supervisors.Count} supervisors form it ({string.Join("; ", seen)})";
            output.Warning($"node {state.Plan.Id} waits for the cluster: {state.WaitsBecause}");
        }
    }

    private async Task<IReadOnlyList<string>> NotReadyAsync()
    {
        if (NodePage.Waiting(state.WaitsFor, state.WaitsBecause) is { } waiting)
        {
            return [waiting];
        }

        return _work is { } work ? await work.NotReadyAsync() : ["starts its roles"];
    }
}
