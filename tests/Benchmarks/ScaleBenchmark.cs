using System.Diagnostics;
using System.Globalization;
using System.Text;
using Inspection.Benchmarks.Rig;
using Inspection.Tests.Support.Cluster;

namespace Inspection.Benchmarks;

/// <summary>
/// A plant of real processes with simulated detectors (a fixed time a frame, no CPU), so that two cores can show how throughput grows with
/// workers, what frames do to the cluster's own messages, and what an idle line or camera costs.
/// </summary>
internal static class ScaleBenchmark
{
    /// <summary>No gain from batches: one worker does a known number of frames a second.</summary>
    private const string Worker = "inference: { detectors: 1, simulated: { base: 1 ms, per_frame: 80 ms } }\n";

    /// <summary>Fast enough for all idle lines' parts at once.</summary>
    private const string IdleWorker = "inference: { detectors: 1, simulated: { base: 1 ms, per_frame: 1 ms } }\n";

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);
    private static readonly int[] Workers = [1, 2, 4];

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Scale: workers, the cluster's messages, idle memory", "./dev bench scale");
        using var models = new Models();
        var rates = new Dictionary<int, double>();
        foreach (var workers in Workers)
        {
            rates[workers] = await ThroughputAsync(models, workers, "", workers);
            report.Add($"parts a second with {workers} workers of 81 ms a frame", rates[workers], "");
        }

        report.Bound("4 workers over 1", rates[4] / rates[1], "", "at least 3.6", rates[4] / rates[1] >= 3.6);
        var mixed = await ThroughputAsync(models, 4, "inference: { detectors: 1, simulated: { base: 1 ms, per_frame: 323 ms } }\n", 3);
        var sum = 3.25 * rates[1];
        report.Bound("3 workers and one four times slower, over the sum of their rates", mixed / sum, "", "at least 0.9", mixed / sum >= 0.9);
        await PingsAsync(models, report);
        await IdleAsync(models, report);
        return report;
    }

    /// <param name="slow">The node file's lines of the workers after the first <paramref name="fast"/>.</param>
    private static async Task<double> ThroughputAsync(Models models, int workers, string slow, int fast)
    {
        await using var plant = await ClusterPlant.MakeAsync(
            models,
            [.. Base, .. Enumerable.Range(1, workers).Select(i => new NodeSpec($"detector-{i}", "detector,verifier") { More = i <= fast ? Worker : slow })],
            drawnPace: "pulled",
            tilePace: "0.2/s",
            ring: 32);
        await StartAsync(plant);
        var (before, clock) = ((await plant.StatusAsync())!, Stopwatch.StartNew());
        var after = await plant.UntilAsync(_ => clock.Elapsed >= Measured, "the time to pass");
        var rate = (after!.Line(ClusterPlant.Drawn).Decided - before.Line(ClusterPlant.Drawn).Decided) / clock.Elapsed.TotalSeconds;
        System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workers} workers ({fast} fast): {rate:0.0} parts a second"));
        return rate;
    }

    /// <summary>All processes compile their code at once on few cores: a plant's throughput is what it has after that.</summary>
    private static async Task StartAsync(ClusterPlant plant)
    {
        plant.StartAll();
        _ = await plant.AllWellAsync(parts: 1);
        var clock = Stopwatch.StartNew();
        _ = await plant.UntilAsync(_ => clock.Elapsed >= Settling, "the start to be over");
    }

    private static async Task PingsAsync(Models models, Report report)
    {
        foreach (var (name, pace) in new[] { ("without frames", "0.1/s"), ("with frames flowing", "20/s") })
        {
            await using var plant = await ClusterPlant.MakeAsync(
                models,
                [.. Base, .. Enumerable.Range(1, 4).Select(i => new NodeSpec($"detector-{i}", "detector,verifier") { More = Worker })],
                drawnPace: pace,
                tilePace: "0.1/s",
                ring: 32);
            await StartAsync(plant);
            var (cpu, clock) = (CpuSeconds(plant), Stopwatch.StartNew());
            var status = (await plant.UntilAsync(_ => clock.Elapsed >= 2 * Measured, "the time to pass"))!;
            var share = (CpuSeconds(plant) - cpu) / clock.Elapsed.TotalSeconds / Environment.ProcessorCount;
            var pings = status.Members.Single(m => m.Node == "sensor-1").Pings!;
            System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pings {name}: p50 {pings.P50Ms:0.0} ms, p99 {pings.P99Ms:0.0} ms; all nodes take {share:P0} of the machine"));
            report.Add($"ping p50 {name}", pings.P50Ms, "ms");
            if (pace == "20/s")
            {
                report.Bound($"ping p99 {name}", pings.P99Ms, "ms", "below 20", pings.P99Ms < 20);
            }
            else
            {
                report.Add($"ping p99 {name}", pings.P99Ms, "ms");
            }

            report.Add($"CPU share of all nodes {name} (of {Environment.ProcessorCount} cores)", share * 100, "%");
        }
    }

    /// <summary>Resident memory of a sensor and a supervisor with few and with many idle cameras and lines.</summary>
    private static async Task IdleAsync(Models models, Report report)
    {
        const int lines = 16;
        const int camerasALine = 4;
        var (sensorFew, supervisorFew) = await ResidentAsync(models, "");
        var (sensorMany, supervisorMany) = await ResidentAsync(models, Idle(lines, camerasALine));
        report.Add("idle memory of a sensor node with 2 cameras, RSS", sensorFew, "MiB");
        report.Add($"the same with {lines * camerasALine} cameras more, a camera", (sensorMany - sensorFew) / (lines * camerasALine), "MiB");
        report.Add("idle memory of a supervisor node with 2 lines, RSS", supervisorFew, "MiB");
        report.Add($"the same with {lines} lines more, a line", (supervisorMany - supervisorFew) / lines, "MiB");
    }

    private static async Task<(double Sensor, double Supervisor)> ResidentAsync(Models models, string more)
    {
        await using var plant = await ClusterPlant.MakeAsync(models, [new("supervisor-1", "supervisor"), new("supervisor-2", "supervisor"), new("sensor-1", "sensor"), new("detector-1", "detector,verifier") { More = IdleWorker }], "0.2/s", "0.2/s", more: more);
        plant["supervisor-1"].Start();
        plant["supervisor-2"].Start();
        plant["sensor-1"].Start();
        plant["detector-1"].Start();
        _ = await plant.AllWellAsync(parts: 2);
        return (Resident(plant["sensor-1"].ProcessId), (Resident(plant["supervisor-1"].ProcessId) + Resident(plant["supervisor-2"].ProcessId)) / 2);
    }

    private static string Idle(int lines, int cameras)
    {
        var text = new StringBuilder();
        for (var line = 1; line <= lines; line++)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $$"""
                  - line: idle{{line}}
                    recipe: { name: drawn-part, coarse: "COARSE", deadline: 2 s }
                    stations:
                      - station: s1
                        pace: 0.2/s
                        gate: { travel: 3 s }
                        cameras:

                """);
            for (var camera = 1; camera <= cameras; camera++)
            {
                _ = text.Append(CultureInfo.InvariantCulture, $"          - {{ camera: c{camera}, max_megapixels: 0.1, synthetic: {{ seed: {line}, width: {Models.Side}, height: {Models.Side} }} }}\n");
            }
        }

        return text.ToString();
    }

    private static IReadOnlyList<NodeSpec> Base { get; } = [new("supervisor-1", "supervisor"), new("supervisor-2", "supervisor"), new("sensor-1", "sensor")];

    private static double CpuSeconds(ClusterPlant plant) => plant.Nodes.Where(n => n.IsRunning).Sum(n =>
    {
        using var process = Process.GetProcessById(n.ProcessId);
        return process.TotalProcessorTime.TotalSeconds;
    });

    private static double Resident(int process)
    {
        using var found = Process.GetProcessById(process);
        return found.WorkingSet64 / 1024.0 / 1024.0;
    }
}
