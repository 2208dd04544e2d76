using System.Buffers;

namespace Inspection.Vision.Frames;

/// <summary>Memory outside of the managed heap as <see cref="Memory{T}"/>, so that a message can be made around it without a copy. Whoever owns it keeps it alive.</summary>
internal sealed unsafe class NativeBytes(byte* start, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
