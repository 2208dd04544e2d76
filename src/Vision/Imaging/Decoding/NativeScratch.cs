using System.Runtime.InteropServices;

namespace Inspection.Vision.Imaging.Decoding;

/// <summary>A native buffer that grows to the largest request and is used again. One thread at a time.</summary>
internal sealed unsafe class NativeScratch : IDisposable
{
    private byte* _memory;
    private nuint _length;

    public Span<byte> Get(int length)
    {
        if ((nuint)length > _length)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _length = 0;
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
            _length = (nuint)length;
        }

        return new Span<byte>(_memory, length);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _length = 0;
    }
}
