using System.Globalization;
using Akka.Actor;
using Inspection.Benchmarks.Rig;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;

namespace Inspection.Benchmarks;

/// <summary>
/// What it costs to have a frame looked at elsewhere: a sensor node's dispatcher and frame server and a worker node's links and workers, over
/// real gRPC on loopback, both in this process. The workers compute nothing, so that what is measured is the way.
/// </summary>
internal static class PlaneBenchmark
{
    private const int Slots = 64;
    private const int Detectors = 4;
    private const long Volume = 1_500_000_000;

    private static readonly (string Name, int Side)[] _sizes = [("192 KiB", 443), ("1.5 MiB", 1254), ("6 MiB", 2508)];

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Frames to a worker node and answers back, loopback, workers that compute nothing", "./dev bench plane");
        using var work = new Workspace();
        foreach (var (name, side) in _sizes)
        {
            var directory = work[string.Create(CultureInfo.InvariantCulture, $"null-{side}")];
            NullPackage.Write(directory, side);
            var package = PackageModels.Open(directory, ModelStage.Coarse, new PackageLoadOptions { RequireSignature = false });
            var models = new LineModels(PackageModels.Coarse(package, new InferenceOptions(), new SimulatedLatency(TimeSpan.Zero, TimeSpan.Zero)), null);
            var cost = await MeasureAsync(models, side * side);
            report.Add($"{name}: tensors sent", cost.Megabytes / cost.Wall.TotalSeconds, "MB/s");
            report.Add($"{name}: processor time, both ends", cost.Cpu.TotalSeconds / (cost.Megabytes / 1000), "CPU s/GB");
            report.Add($"{name}: managed memory, both ends", cost.Allocated / (double)cost.Frames, "bytes a frame");
        }

        return report;
    }

    private static async Task<TicketLoop.Cost> MeasureAsync(LineModels models, int bytes)
    {
        using var metrics = new NodeMetrics();
        var (sensor, worker) = (NodeWithoutJournal.NewSystem("sensor"), NodeWithoutJournal.NewSystem("worker"));
        var clock = MonotonicClock.System;
        var dispatcher = sensor.ActorOf(WorkDispatcher.Props(clock, metrics), "work-dispatcher");
        await using (var server = await FrameServer.StartAsync(new FrameServerOptions(), new NodeId("sensor-1"), sensor, dispatcher, clock, metrics))
        {
            var remote = worker.ActorOf(WorkDispatcher.Props(clock, metrics), "work-dispatcher");
            var workers = worker.StartWorkers(remote, new WorkerOptions { Detectors = Detectors, Verifiers = 0, Models = [models] }, clock);
            var links = worker.ActorOf(WorkerLinks.Props(new WorkerLinksOptions(), new NodeId("worker-1"), new WorkerModels([models]), workers, remote, clock), "worker-links");
            links.Tell(new LinkMessages.SensorAppeared(new NodeId("sensor-1"), "127.0.0.1", server.BoundPort));
            using var source = new TicketLoop(dispatcher, models, clock, Slots);
            var frames = Math.Max(200, Volume / bytes);
            _ = await source.RunAsync(frames / 10, bytes);
            var cost = await source.RunAsync(frames, bytes);
            await sensor.Terminate();
            await worker.Terminate();
            return cost;
        }
    }
}
