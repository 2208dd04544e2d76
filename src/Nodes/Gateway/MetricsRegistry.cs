using Inspection.Nodes.Hosting.Telemetry;
using Prometheus;

namespace Inspection.Nodes.Gateway;

/// <summary>The node's own measures as a Prometheus registry, under the names of <see cref="NodeMetrics"/>.</summary>
internal sealed class MetricsRegistry : IDisposable
{
    private readonly IDisposable _meters;

    public MetricsRegistry()
    {
        _meters = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = Registry,
            MetricFactory = Metrics.WithCustomRegistry(Registry), // the adapter's own default is the process-wide registry, whatever Registry says
            MetricsExpireAfter = TimeSpan.FromDays(1),            // the most it takes; a counter that rests for minutes must not start from 0 again
            InstrumentFilterPredicate = i => i.Meter.Name == NodeMetrics.MeterName,
            ResolveHistogramBuckets = _ => [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
        });
    }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public void Dispose() => _meters.Dispose();
}
