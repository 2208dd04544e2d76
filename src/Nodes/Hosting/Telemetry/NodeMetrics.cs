using System.Diagnostics.Metrics;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Telemetry;

/// <summary>
/// What every node measures, under Prometheus names (the exporter adds nothing): seconds, _total, labels for line, station and camera.
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
    private int _coarseWaiting;
    private int _verifyWaiting;
    private int _coarseCredit;
    private int _verifyCredit;

    public NodeMetrics()
    {
        _frames = _meter.CreateCounter<long>("inspection_frames_total", description: "Frames that ended, by camera and outcome.");
        _acts = _meter.CreateCounter<long>("inspection_gate_acts_total", description: "What the ejectors did, by station and act.");
        _givenUp = _meter.CreateCounter<long>("inspection_triggers_given_up_total", description: "Triggers that were counted and not inspected, by reason.");
        _sent = _meter.CreateCounter<long>("inspection_data_plane_sent_bytes_total", unit: "bytes", description: "Pixels sent to worker nodes, by worker.");
        _ignored = _meter.CreateCounter<long>("inspection_answers_ignored_total", description: "Answers of worker nodes that were no evidence, by reason: duplicate, stale, unknown, mismatch.");
        _ = _meter.CreateObservableGauge("inspection_work_waiting", () => ByStage(_coarseWaiting, _verifyWaiting), description: "Frames that wait for a worker, by stage.");
        _ = _meter.CreateObservableGauge("inspection_worker_credit", () => ByStage(_coarseCredit, _verifyCredit), description: "Workers that wait for a frame, by stage.");
    }

    public void FrameEnded(string line, string station, string camera, ViewOutcome outcome) =>
        _frames.Add(1, new("line", line), new("station", station), new("camera", camera), new KeyValuePair<string, object?>("outcome", OutcomeNames[(int)outcome]));

    public void GateActed(string line, string station, bool passed) =>
        _acts.Add(1, new("line", line), new("station", station), new KeyValuePair<string, object?>("act", passed ? "pass" : "divert"));

    public void TriggerGivenUp(string line, string station, string reason) =>
        _givenUp.Add(1, new("line", line), new("station", station), new KeyValuePair<string, object?>("reason", reason));

    public void DataPlaneSent(string worker, int bytes) => _sent.Add(bytes, new KeyValuePair<string, object?>("worker", worker));

    public void AnswerIgnored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void SetQueues(int coarseWaiting, int verifyWaiting, int coarseCredit, int verifyCredit)
    {
        _coarseWaiting = coarseWaiting;
        _verifyWaiting = verifyWaiting;
        _coarseCredit = coarseCredit;
        _verifyCredit = verifyCredit;
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> ByStage(int coarse, int verify)
    {
        yield return new Measurement<int>(coarse, new KeyValuePair<string, object?>("stage", "coarse"));
        yield return new Measurement<int>(verify, new KeyValuePair<string, object?>("stage", "verify"));
    }
}
