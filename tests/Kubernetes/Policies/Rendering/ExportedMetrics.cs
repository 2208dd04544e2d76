using System.Text.RegularExpressions;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Prometheus;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>
/// What /metrics serves: name to label to the values seen. The node's own are exported as its HTTP server does; the lines' need a running cluster
/// to be asked, so their names are taken from the source.
/// </summary>
internal static partial class ExportedMetrics
{
    private static readonly Lazy<IReadOnlyDictionary<string, ILookup<string, string>>> Known = new(Collect);

    public static IReadOnlyDictionary<string, ILookup<string, string>> All => Known.Value;

    private static Dictionary<string, ILookup<string, string>> Collect()
    {
        var text = Export().GetAwaiter().GetResult();
        var own = Sample().Matches(text).Select(m => (Name: m.Groups["name"].Value, Labels: Label().Matches(m.Groups["labels"].Value).Select(l => (l.Groups["name"].Value, l.Groups["value"].Value))));
        var lines = Gauge().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "Nodes", "Gateway", "LineMetrics.cs")))
            .Select(m => (Name: m.Groups["name"].Value, Labels: m.Groups["label"].Captures.Select(c => (c.Value, ""))));
        return own.Concat(lines).GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.SelectMany(s => s.Labels).ToLookup(l => l.Item1, l => l.Item2));
    }

    private static async Task<string> Export()
    {
        using var metrics = new NodeMetrics();
        var registry = Metrics.NewCustomRegistry();
        using var adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            MetricFactory = Metrics.WithCustomRegistry(registry),
            InstrumentFilterPredicate = i => i.Meter.Name == NodeMetrics.MeterName,
        });
        Enum.GetValues<ViewOutcome>().ToList().ForEach(o => metrics.FrameEnded("line", "station", "camera", o));
        metrics.GateActed("line", "station", passed: true);
        metrics.GateActed("line", "station", passed: false);
        metrics.TriggerGivenUp("line", "station", "reason");
        metrics.DataPlaneSent("worker", 1);
        metrics.AnswerIgnored("reason");
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex(@"^(?<name>inspection_[a-z_]+)(\{(?<labels>[^}]*)\})? ", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<name>[a-z_]+)=""(?<value>[^""]*)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"CreateGauge\(""(?<name>inspection_[a-z_]+)"", ""[^""]*""(, ""(?<label>[a-z]+)"")*\)")]
    private static partial Regex Gauge();
}
