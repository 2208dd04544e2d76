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

        return IntraOpThreads is >= 1 and <= 256 ? this : throw new ArgumentException($"intra_op_threads is {IntraOpThreads}; allowed is 1 to 256");
    }
}
