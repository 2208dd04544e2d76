using System.Runtime.InteropServices;

namespace Inspection.Vision.Frames;

/// <summary>A native buffer that grows to the largest thing it held and is then used again and again. One thread.</summary>
public sealed unsafe class NativeRoom : IDisposable
{
    private byte* _start;
    private int _length;

    /// <summary>At least so many bytes; what was there before is gone.</summary>
    public Memory<byte> Of(int length)
    {
        if (length > _length)
        {
            Free();
            _start = (byte*)NativeMemory.Alloc((nuint)length);
            _length = length;
        }

        return new NativeBytes(_start, length).Memory;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeRoom() => Free();

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
        _length = 0;
    }
}
