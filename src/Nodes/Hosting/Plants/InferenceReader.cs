using System.Globalization;
using Inspection.Decisions.Work;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The section "inference" of a plant file or a node file.</summary>
internal static class InferenceReader
{
    private static readonly (string, string)[] Providers = [("cpu", "cpu"), ("cuda", "cuda"), ("tensorrt", "tensorrt")];
    private static readonly (string, bool)[] Switch = [("on", true), ("off", false)];

    /// <param name="inference">Null: all defaults.</param>
    /// <param name="state">The folder a relative engine cache lies in.</param>
    /// <exception cref="PlantException">An unknown key or a value that is not allowed.</exception>
    public static InferenceSettings Read(YamlSection? inference, string state)
    {
        if (inference is null)
        {
            return new InferenceSettings("cpu", 0, 0, 1);
        }

        var settings = new InferenceSettings(
            inference.Choice("provider", "cpu", Providers),
            inference.Integer("device", 0, 0, 63),
            inference.Integer("detectors", 0, 0, 256),
            inference.Integer("verifiers", 1, 1, 256),
            ReadSimulated(inference.Section("simulated")))
        {
            Gpu = ReadGpu(inference, state),
            Models = ReadModels(inference),
        };
        inference.NoOtherKeys();
        return settings;
    }

    private static SimulatedInference? ReadSimulated(YamlSection? simulated)
    {
        if (simulated is null)
        {
            return null;
        }

        var settings = new SimulatedInference(
            simulated.Duration("base") ?? throw simulated.Wrong("base", "is missing: what every run takes, for instance 5 ms"),
            simulated.Duration("per_frame") ?? throw simulated.Wrong("per_frame", "is missing: what each frame of a run adds, for instance 2 ms"));
        simulated.NoOtherKeys();
        return settings;
    }

    private static GpuSettings ReadGpu(YamlSection inference, string state)
    {
        var gpu = new GpuSettings
        {
            MemoryLimitMib = inference.Integer("memory_limit_mib", 0, 0, 1 << 20),
            Batches = inference.Has("batches") ? inference.Values("batches", t => int.Parse(t, CultureInfo.InvariantCulture), "whole numbers") : BatchPlannerOptions.GpuBuckets,
            CudaGraphs = inference.Choice("cuda_graphs", false, Switch),
            Tf32 = inference.Choice("tf32", false, Switch),
            EngineCache = inference.OptionalText("engine_cache") is { } folder ? Path.GetFullPath(folder, state) : null,
        };
        if (gpu.MemoryLimitMib is > 0 and < 64)
        {
            throw inference.Wrong("memory_limit_mib", $"{gpu.MemoryLimitMib} is not allowed: 0 (no limit), or 64 and more");
        }

        try
        {
            _ = new BatchPlannerOptions { Buckets = gpu.Batches }.Validate();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw inference.Wrong("batches", $"[{string.Join(", ", gpu.Batches)}] is not allowed: batch sizes ascend from 1");
        }

        return gpu;
    }

    private static IReadOnlyDictionary<string, string> ReadModels(YamlSection inference)
    {
        var section = inference.Section("models");
        var models = inference.Map("models").Keys.ToDictionary(name => name, name => section!.Choice(name, "cpu", Providers), StringComparer.Ordinal);
        section?.NoOtherKeys();
        return models;
    }
}
