using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Vision.Inference;

public enum InferenceProvider
{
    Cpu = 1,
    Cuda = 2,
    TensorRt = 3,
}

/// <summary>Where and how models run.</summary>
public sealed record InferenceOptions
{
    public InferenceProvider Provider { get; init; } = InferenceProvider.Cpu;

    /// <summary>GPU number; not used by cpu.</summary>
    public int DeviceId { get; init; }

    /// <summary>Most memory of the GPU that ONNX Runtime takes for one session, in bytes; null: what it needs. Weights and activations, not the kernels' code.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The batch sizes a GPU session runs, ascending from 1 (rule W5).</summary>
    public EquatableList<int> Batches { get; init; } = BatchPlannerOptions.GpuBuckets.ToEquatableList();

    /// <summary>
    /// Records each batch size's kernels once and launches them together afterwards: less time between small kernels. Only cuda, and only for
    /// models of which every node runs on the GPU; others are refused when they are opened.
    /// </summary>
    public bool CudaGraphs { get; init; }

    /// <summary>
    /// Lets the tensor cores round inputs of multiplications to 10 bits. Faster; scores move in the fourth digit, so thresholds found on a CPU
    /// hold less exactly, and a package whose golden vectors then differ is refused.
    /// </summary>
    public bool Tf32 { get; init; }

    /// <summary>Folder of TensorRT's built engines, one folder a model digest below it; null: built at every start, which takes minutes.</summary>
    public string? EngineCache { get; init; }

    /// <summary>Threads inside one run. One session per core with one thread each gives the most frames (rule W5).</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>The provider's name as it is recorded: cpu, cuda or tensorrt.</summary>
    public string ProviderName => Provider.ToString().ToLowerInvariant();

    /// <exception cref="ArgumentException">A value out of range, named.</exception>
    public InferenceOptions Validate()
    {
        if (!Enum.IsDefined(Provider))
        {
            throw new ArgumentException($"provider is {(int)Provider}; allowed are cpu, cuda and tensorrt");
        }

        if (DeviceId is < 0 or > 63)
        {
            throw new ArgumentException($"device_id is {DeviceId}; allowed is 0 to 63");
        }

        if (MemoryLimit is < 64L << 20)
        {
            throw new ArgumentException($"memory_limit is {MemoryLimit} bytes; allowed is 64 MiB or more");
        }

        if (CudaGraphs && Provider != InferenceProvider.Cuda)
        {
            throw new ArgumentException($"cuda_graphs is set with provider {ProviderName}; it belongs to provider cuda");
        }

        _ = new BatchPlannerOptions { Buckets = Batches }.Validate();
        return IntraOpThreads is >= 1 and <= 256 ? this : throw new ArgumentException($"intra_op_threads is {IntraOpThreads}; allowed is 1 to 256");
    }
}
