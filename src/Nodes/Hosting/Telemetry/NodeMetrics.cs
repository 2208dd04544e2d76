using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Telemetry;

/// <summary>
/// What every node measures, under Prometheus names (the exporter puts the meter before each: inspection_frames_total): seconds, _total, labels for line, station and camera.
/// One meter a process.
/// </summary>
public sealed class NodeMetrics : IDisposable
{
    public const string MeterName = "Inspection";

    private static readonly string[] OutcomeNames = ["none", "scored", "unreadable", "not_inspectable", "shed", "lost_at_source", "no_model"];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _frames;
    private readonly Counter<long> _acts;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _archived;
    private readonly ConcurrentDictionary<(string Line, string Station), bool> _ejectors = new();
    private volatile WorkSnapshot _work = new(default, default, default, []);

    public NodeMetrics()
    {
        _frames = _meter.CreateCounter<long>("frames_total", description: "Frames that ended, by camera and outcome.");
        _acts = _meter.CreateCounter<long>("gate_acts_total", description: "What the ejectors did, by station and act: pass, divert, unknown (it did not say in time, and counts as passed).");
        _givenUp = _meter.CreateCounter<long>("triggers_given_up_total", description: "Triggers that were counted and not inspected, by reason.");
        _sent = _meter.CreateCounter<long>("data_plane_sent_bytes_total", unit: "bytes", description: "Pixels sent to worker nodes, by worker.");
        _ignored = _meter.CreateCounter<long>("answers_ignored_total", description: "Answers of worker nodes that were no evidence, by reason: duplicate, stale, unknown, mismatch.");
        _archived = _meter.CreateCounter<long>("archive_frames_total", description: "Frames for the archive, by result: kept, lost (the disk refused).");
        _ = _meter.CreateObservableGauge("work_waiting", () => ByStage(s => s.Waiting), description: "Frames that wait for a worker, by stage.");
        _ = _meter.CreateObservableGauge("worker_credit", () => ByStage(s => s.Credit), description: "Workers that wait for a frame, by stage.");
        _ = _meter.CreateObservableGauge("work_oldest_seconds", () => ByStage(s => s.OldestAge.TotalSeconds), unit: "seconds", description: "How long the frame that waits longest has waited for a worker, by stage.");
        _ = _meter.CreateObservableGauge("work_leased", () => ByStage(s => s.LeasedOut), description: "Frames that worker nodes have, by stage.");
        _ = _meter.CreateObservableCounter("worker_shortage_seconds_total", () => ByStage(s => s.ShortFor.TotalSeconds), unit: "seconds", description: "Time with frames waiting and no free worker, by stage.");
        _ = _meter.CreateObservableCounter("work_lease_expirations_total", () => _work.Counts.Expirations, description: "Leases of worker nodes that expired.");
        _ = _meter.CreateObservableCounter("work_reoffers_total", Reoffers, description: "Frames offered again, by cause: expired (or given back), broken (the stream broke).");
        _ = _meter.CreateObservableGauge("ejector_answers", Ejectors, description: "1 where the ejector at the other end of a network answers; by station.");
    }

    public void FrameEnded(string line, string station, string camera, ViewOutcome outcome) =>
        _frames.Add(1, new("line", line), new("station", station), new("camera", camera), new KeyValuePair<string, object?>("outcome", OutcomeNames[(int)outcome]));

    public void GateActed(string line, string station, bool passed) =>
        _acts.Add(1, new("line", line), new("station", station), new KeyValuePair<string, object?>("act", passed ? "pass" : "divert"));

    public void GateUnanswered(string line, string station) =>
        _acts.Add(1, new("line", line), new("station", station), new KeyValuePair<string, object?>("act", "unknown"));

    /// <summary>Whether an ejector at the other end of a network answers; any thread.</summary>
    public void EjectorAnswers(string line, string station, bool answers) => _ejectors[(line, station)] = answers;

    public void TriggerGivenUp(string line, string station, string reason) =>
        _givenUp.Add(1, new("line", line), new("station", station), new KeyValuePair<string, object?>("reason", reason));

    public void DataPlaneSent(string worker, int bytes) => _sent.Add(bytes, new KeyValuePair<string, object?>("worker", worker));

    public void AnswerIgnored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Rule J10: a frame came into the archive, or could not.</summary>
    public void FrameArchived(bool kept) => _archived.Add(1, new KeyValuePair<string, object?>("result", kept ? "kept" : "lost"));

    /// <summary>How the node's work stands; from the dispatcher, some times a second.</summary>
    public void SetWork(WorkSnapshot work) => _work = work;

    /// <summary>As <see cref="SetWork"/> said last; any thread.</summary>
    public WorkSnapshot Work => _work;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> ByStage<T>(Func<StageStatus, T> number)
        where T : struct
    {
        var work = _work;
        yield return new Measurement<T>(number(work.Coarse), new KeyValuePair<string, object?>("stage", "coarse"));
        yield return new Measurement<T>(number(work.Verify), new KeyValuePair<string, object?>("stage", "verify"));
    }

    private IEnumerable<Measurement<int>> Ejectors() =>
        _ejectors.Select(e => new Measurement<int>(e.Value ? 1 : 0, new KeyValuePair<string, object?>("line", e.Key.Line), new KeyValuePair<string, object?>("station", e.Key.Station)));

    private IEnumerable<Measurement<long>> Reoffers()
    {
        var counts = _work.Counts;
        yield return new Measurement<long>(counts.Reoffers, new KeyValuePair<string, object?>("cause", "expired"));
        yield return new Measurement<long>(counts.BreakReoffers, new KeyValuePair<string, object?>("cause", "broken"));
    }
}
