using Inspection.Vision.Preparing;

namespace Inspection.Vision.Frames;

/// <summary>
/// One place of a <see cref="FrameRing"/>: room for one decoded frame and, behind it, for the model's input tensor. Both lie in native
/// memory, so nothing here moves or is collected. A slot is rented by one owner at a time; further holders take a reference; the
/// last release gives it back and raises <see cref="Generation"/>, so that an answer for an earlier frame is told apart (rule W3).
/// </summary>
public sealed unsafe class FrameSlot
{
    private readonly FrameRing _ring;
    private int _references;

    internal FrameSlot(FrameRing ring, int index, byte* pixels, int pixelCapacity, byte* tensor, int tensorLength)
    {
        _ring = ring;
        Index = index;
        PixelPointer = pixels;
        PixelCapacity = pixelCapacity;
        TensorPointer = tensor;
        TensorLength = tensorLength;
    }

    public int Index { get; }

    public FrameRing Ring => _ring;

    /// <summary>How often this slot was filled anew.</summary>
    public int Generation { get; private set; }

    public byte* PixelPointer { get; }

    public int PixelCapacity { get; }

    /// <summary>64-byte aligned.</summary>
    public byte* TensorPointer { get; }

    public int TensorLength { get; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>1 (grey) or 3 (RGB), interleaved, rows packed: stride = Width * Channels.</summary>
    public int Channels { get; private set; }

    /// <summary>The decoded frame, [Height, Width, Channels] uint8.</summary>
    public ReadOnlySpan<byte> Pixels => new(PixelPointer, Width * Height * Channels);

    /// <summary>The whole pixel room, for a camera to write into; call <see cref="SetShape"/> afterwards.</summary>
    public Span<byte> PixelRoom => new(PixelPointer, PixelCapacity);

    /// <summary>The model's input, [Height, Width, Channels] uint8 in the recipe's fixed shape.</summary>
    public Span<byte> Tensor => new(TensorPointer, TensorLength);

    /// <summary>Where the tensor's places came from; written by the preparer.</summary>
    public PreparedGeometry Geometry { get; set; }

    public void SetShape(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "a frame has 1 (grey) or 3 (RGB) channels");
        }

        if ((long)width * height * channels > PixelCapacity)
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"a frame of {width} x {height} x {channels} does not fit a slot of {PixelCapacity} bytes");
        }

        (Width, Height, Channels) = (width, height, channels);
    }

    public void AddReference()
    {
        if (Interlocked.Increment(ref _references) <= 1)
        {
            throw new InvalidOperationException("a reference was taken to a slot that nobody holds");
        }
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left < 0)
        {
            throw new InvalidOperationException("a slot was released once too often");
        }

        if (left == 0)
        {
            _ring.Return(this);
        }
    }

    internal void Rent()
    {
        Generation++;
        (Width, Height, Channels) = (0, 0, 0);
        Volatile.Write(ref _references, 1);
    }
}
