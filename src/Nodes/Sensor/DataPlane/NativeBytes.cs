using System.Buffers;
using System.Runtime.InteropServices;

namespace Inspection.Nodes.Sensor.DataPlane;

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

/// <summary>A native buffer that grows to the largest thing it held and is then used again and again. One thread.</summary>
internal sealed unsafe class NativeRoom : IDisposable
{
    private byte* _start;
    private int _length;

    /// <summary>At least so many bytes; what was there before is gone.</summary>
    public Memory<byte> Of(int length)
    {
        if (length > _length)
        {
            NativeMemory.Free(_start);
            (_start, _length) = (null, 0);
            _start = (byte*)NativeMemory.Alloc((nuint)length);
            _length = length;
        }

        return new NativeBytes(_start, length).Memory;
    }

    public void Dispose()
    {
        NativeMemory.Free(_start);
        (_start, _length) = (null, 0);
    }
}
