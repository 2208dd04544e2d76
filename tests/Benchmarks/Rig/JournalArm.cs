using System.Diagnostics;
using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Embedded;
using Inspection.Members;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Benchmarks.Rig;

/// <summary>Writes into a journal of its own, a slice at a time; between slices nothing of it runs.</summary>
internal interface IJournalArm : IAsyncDisposable
{
    Task<JournalSlice> WriteAsync();
}

/// <summary>What one slice took.</summary>
/// <param name="Seconds">From the first counted batch to the last commit.</param>
/// <param name="CpuSeconds">Of this process meanwhile.</param>
/// <param name="Bytes">Stored meanwhile.</param>
/// <param name="Batches">Seconds of each batch; none where they are not measured.</param>
/// <param name="SignedAfter">Seconds from the last commit until every record is under a signed checkpoint; 0 without log.</param>
internal sealed record JournalSlice(double Seconds, double CpuSeconds, long Bytes, IReadOnlyList<double> Batches, double SignedAfter = 0);

/// <summary>Records through the product's plugin in the product's actor system, with chain and log or without.</summary>
internal sealed class JournalArm : IJournalArm
{
    /// <summary>For a stall of a busy machine, not for a journal that works.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly JournalPlan _journal;
    private readonly JournalLoad _load;
    private readonly JournalStore _store;
    private readonly ClusterMember _cluster;
    private readonly LogSetup? _log;
    private readonly IActorRef _filler;
    private readonly IActorRef _builder;
    private int _written;

    private JournalArm(JournalPlan journal, JournalLoad load, JournalStore store, ClusterMember cluster, Func<ILineEvent, Sealed> seal, LogSetup? log)
    {
        (_journal, _load, _store, _cluster, _log) = (journal, load, store, cluster, log);
        _filler = cluster.System.ActorOf(JournalFiller.Props(load.Line, seal));
        _builder = log is null ? ActorRefs.Nobody : cluster.System.StartLogBuilder(log, MonotonicClock.System);
    }

    /// <param name="journal">Empty.</param>
    /// <param name="state">A folder for the log's key.</param>
    /// <param name="load">What a slice stores.</param>
    /// <param name="chained">Whether records are sealed by the chain; else they are opaque bytes of the same size.</param>
    /// <param name="logged">Whether the plant's log is built beside it.</param>
    public static async Task<IJournalArm> StartAsync(JournalPlan journal, string state, JournalLoad load, bool chained, bool logged)
    {
        var store = await JournalStore.OpenWhenReachableAsync(journal, System.Console.Error.WriteLine, TimeProvider.System, CancellationToken.None);
        var cluster = await EmbeddedCluster.StartAsync(store, CancellationToken.None);
        return new JournalArm(journal, load, store, cluster, chained ? load.Chained() : load.Opaque(), logged ? LogSetup.Open(PlantOf(journal, state), makesKey: true) : null);
    }

    public async Task<JournalSlice> WriteAsync()
    {
        _ = await FillAsync(_load.Events.Take(_load.LeadIn));
        var signing = FlushAsync(); // from now on, and not from its next second on: a slice is short
        var counted = _load.Events.Skip(_load.LeadIn).ToList();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var (bytes, batches) = await FillAsync(counted);
        var slice = new JournalSlice(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, bytes, batches);
        clock.Restart();
        await signing;
        await FlushAsync();
        return slice with { SignedAfter = clock.Elapsed.TotalSeconds };
    }

    /// <exception cref="InvalidOperationException">The chain or the log is not whole: the figures mean nothing.</exception>
    public void Check()
    {
        using var source = _journal.OpenSource();
        var records = source.Chain(_load.Line).Count();
        if (records != _written || _log?.Health.Report is not { Trouble: null } report || report.Signed != report.Leaves)
        {
            throw new InvalidOperationException($"of {_written} records {records} are in the journal; {_log?.Health.Report}: the figures of this run mean nothing");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _log?.Dispose();
        _store.Dispose();
    }

    private async Task<JournalFiller.Filled> FillAsync(IEnumerable<ILineEvent> events)
    {
        var fill = new JournalFiller.Fill([.. events]);
        _written += fill.Events.Count;
        return await _filler.Ask<JournalFiller.Filled>(fill, Patience);
    }

    private Task FlushAsync() => _builder.IsNobody() ? Task.CompletedTask : _builder.Ask<LogBuilder.Flushed>(new LogBuilder.Flush(), Patience);

    private static Plant PlantOf(JournalPlan journal, string state) => new()
    {
        Name = "bench",
        File = Path.Combine(state, "plant.yaml"),
        Journal = journal,
        KeyPath = Path.Combine(state, "key"),
        Log = new LogPlan("bench.example/log", Path.Combine(state, "log.key"), []),
        Inference = new InferenceSettings("cpu", 0, 1, 0),
        Lines = [],
    };
}
