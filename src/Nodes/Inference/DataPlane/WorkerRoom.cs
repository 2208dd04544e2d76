using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Inspection.Decisions.Work;
using Inspection.Vision.Frames;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>
/// Where a worker node puts what sensor nodes send: one ring for prepared tensors, one for crops, both in native memory of a fixed size
/// (promise P8; pages are touched only when used). Credit keeps within them; a stream that broke may leave work behind that still holds a slot.
/// </summary>
public sealed class WorkerRoom(int tensors, int tensorBytes, int crops, int cropBytes) : IDisposable
{
    private readonly FrameRing _tensors = new(tensors, 1, tensorBytes);
    private readonly FrameRing _crops = new(crops, cropBytes, 1);

    public int FreeTensors => _tensors.Free;

    public int FreeCrops => _crops.Free;

    /// <summary>A slot with the bytes in it, held once; or why there is none.</summary>
    public bool TryTake(WorkStage stage, in ReadOnlySequence<byte> payload, [NotNullWhen(true)] out FrameSlot? slot, out string problem)
    {
        slot = null;
        var (ring, capacity) = stage == WorkStage.Coarse ? (_tensors, tensorBytes) : (_crops, cropBytes);
        if (payload.Length > capacity)
        {
            problem = $"{payload.Length} bytes are more than a slot of this worker takes ({capacity})";
            return false;
        }

        if (!ring.TryRent(out var free))
        {
            problem = $"all {ring.Count} slots of this worker are in use";
            return false;
        }

        payload.CopyTo(stage == WorkStage.Coarse ? free.Tensor : free.PixelRoom);
        (slot, problem) = (free, "");
        return true;
    }

    /// <summary>Only when no worker can touch a slot any more.</summary>
    public void Dispose()
    {
        _tensors.Dispose();
        _crops.Dispose();
    }
}
