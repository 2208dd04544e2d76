using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Embedded;
using Inspection.Members;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;
using Inspection.Tests.Support;

namespace Inspection.Nodes.Tests.Supervisor;

/// <summary>A real embedded cluster on a real journal (SQLite or PostgreSQL), with one line whose recipe is active, spoken to as a station speaks.</summary>
internal sealed class SupervisorRig : IAsyncDisposable
{
    public static readonly LineId Line = new("l1");
    public static readonly StationId Station = new("s1");
    public static readonly CameraId Camera = new("c1");
    public static readonly NodeId Node = new("n1");

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly JournalStore _store;
    private readonly ClusterMember _cluster;

    private SupervisorRig(JournalPlan plan, JournalStore store, ClusterMember cluster)
    {
        Plan = plan;
        _store = store;
        _cluster = cluster;
    }

    public JournalPlan Plan { get; }

    public JournalStore Store => _store;

    public ActorSystem System => _cluster.System;

    public static Task<SupervisorRig> StartAsync(string path) => StartAsync(new JournalPlan.Sqlite(path));

    public static async Task<SupervisorRig> StartAsync(JournalPlan plan)
    {
        var store = await JournalStore.OpenAsync(plan, CancellationToken.None);
        return new SupervisorRig(plan, store, await EmbeddedCluster.StartAsync(store, CancellationToken.None));
    }

    public Task ActivateAsync() => ActivateAsync(Line);

    public async Task ActivateAsync(LineId line)
    {
        _ = await AskAsync<LineReplies.Activated>(Model(line));
        _ = await AskAsync<LineReplies.Activated>(Recipe(line, TimeSpan.FromMinutes(5)));
    }

    public static LineCommands.ActivateModel Model(LineId line) => new(line, SmallestPackage.Policy, "m", SmallestPackage.Manifest, "", "self-approved", "test", "test");

    public static LineCommands.ActivateRecipe Recipe(LineId line, TimeSpan deadline) =>
        new(line, new Recipe { Name = "r", Views = [new RequiredView(Station, Camera)], DecisionDeadline = deadline, HasVerifier = false }, "test", "test");

    public Task<LineReplies.StationGranted> AcquireAsync(string incarnation) => AskAsync<LineReplies.StationGranted>(new LineCommands.AcquireStation(Line, Station, Node, incarnation));

    public Task<LineReplies.TriggersAccepted> AnnounceAsync(long epoch, long from, params string[] ids) => AskAsync<LineReplies.TriggersAccepted>(
        new LineCommands.AnnounceTriggers(Line, Station, epoch, from, ids.ToEquatableList(), ids.Select(_ => TimeSpan.FromMinutes(5)).ToEquatableList()));

    /// <summary>Sends evidence as often as it takes until the part is closed, as a session does.</summary>
    public Task<LineReplies.PartClosed> DecideAsync(long epoch, long counter, float score) => AskAsync<LineReplies.PartClosed>(
        new LineCommands.SubmitEvidence(new TriggerKey(Line, Station, epoch, counter), Evidence(score)));

    /// <summary>The same for all of these parts at once and from one station, which hears them close one by one.</summary>
    public Task DecideAllAsync(long epoch, IEnumerable<long> counters, float score)
    {
        var open = counters.ToHashSet();
        return Eventually.SeesAsync(
            async () =>
            {
                using var answers = new Answers(System);
                foreach (var counter in open)
                {
                    _cluster.Supervisors.Tell(new LineCommands.SubmitEvidence(new TriggerKey(Line, Station, epoch, counter), Evidence(score)), answers.Receiver);
                }

                await foreach (var answer in answers.UntilSilentAsync(AskTimeout))
                {
                    if (answer is LineReplies.PartClosed closed && open.Remove(closed.Key.Counter) && open.Count == 0)
                    {
                        break;
                    }
                }

                return open.Count;
            },
            left => left == 0,
            "every part to close");
    }

    public Task<LineQueries.LineStatus> StatusAsync() => AskAsync<LineQueries.LineStatus>(new LineQueries.GetLineStatus(Line));

    public IReadOnlyList<ChainRecord> Records()
    {
        using var journal = Plan.OpenSource();
        return [.. journal.Chain(Line)];
    }

    /// <summary>Asks until an answer of this type comes: other answers (received, accepted) are passed over, as sharding may drop messages.</summary>
    public async Task<T> AskAsync<T>(ILineMessage message)
        where T : class
    {
        var heard = "nothing";
        return (await Eventually.SeesAsync(
            async () =>
            {
                using var answers = new Answers(System);
                _cluster.Supervisors.Tell(message, answers.Receiver);
                await foreach (var answer in answers.UntilSilentAsync(AskTimeout))
                {
                    if (answer is T wanted)
                    {
                        return wanted;
                    }

                    heard = answer.ToString()!;
                }

                return null;
            },
            answer => answer is not null,
            $"{typeof(T).Name} to {message}",
            more: () => $"heard: {heard}"))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _store.Dispose();
    }

    private static ViewEvidence Evidence(float score) => new()
    {
        Camera = Camera,
        Outcome = ViewOutcome.Scored,
        CoarseScore = score,
        OodScore = 0,
        Coarse = new InferenceStamp
        {
            ModelDigest = SmallestPackage.Model,
            SignatureId = "",
            ThresholdsDigest = SmallestPackage.Policy.ThresholdsDigest,
            CalibrationDigest = SmallestPackage.Policy.CalibrationDigest,
            PreparationVersion = "p",
            ImageDigest = Digest.None,
            RuntimeVersions = "r",
            Provider = "cpu",
            CpuClass = "x",
        },
    };
}
