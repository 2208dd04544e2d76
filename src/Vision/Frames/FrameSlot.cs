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
    private int _generation;

    internal FrameSlot(FrameRing ring, int index, byte* pixels, int pixelCapacity, byte* tensor, int tensorLength)
    {
        _ring = ring;
        Index = index;
        PixelPointer = pixels;
        PixelCapacity = pixelCapacity;
        TensorPointer = tensor;
        TensorLength = tensorLength;
        TensorMemory = new NativeBytes(tensor, tensorLength).Memory;
    }

    public int Index { get; }

    public FrameRing Ring => _ring;

    /// <summary>
    /// How often this slot was given back: differs between any two frames it held, and changes the moment the last holder lets go.
    /// Any thread.
    /// </summary>
    public int Generation => Volatile.Read(ref _generation);

    public byte* PixelPointer { get; }

    public int PixelCapacity { get; }

    /// <summary>64-byte aligned.</summary>
    public byte* TensorPointer { get; }

    public int TensorLength { get; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>1 (grey) or 3 (RGB), interleaved, rows packed: stride = Width * Channels.</summary>
    public int Channels { get; private set; }

    /// <summary>
    /// The pixel room holds no frame but masked crops of one that lies elsewhere, one behind the other, each [h, w, Channels] with rows packed
    /// (rule W6).
    /// </summary>
    public bool HoldsCrops { get; private set; }

    /// <summary>The decoded frame, [Height, Width, Channels] uint8.</summary>
    public ReadOnlySpan<byte> Pixels => new(PixelPointer, Width * Height * Channels);

    /// <summary>The whole pixel room, for a camera to write into; call <see cref="SetShape"/> afterwards.</summary>
    public Span<byte> PixelRoom => new(PixelPointer, PixelCapacity);

    /// <summary>The model's input, [Height, Width, Channels] uint8 in the recipe's fixed shape.</summary>
    public Span<byte> Tensor => new(TensorPointer, TensorLength);

    /// <summary>The same bytes, for a message to be made around them; only while the slot is held.</summary>
    public ReadOnlyMemory<byte> TensorMemory { get; }

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

        (Width, Height, Channels, HoldsCrops) = (width, height, channels, false);
    }

    /// <summary>Says that <see cref="PixelRoom"/> was filled with crops.</summary>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    public void SetCrops(int channels)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "a crop has 1 (grey) or 3 (RGB) channels");
        }

        (Width, Height, Channels, HoldsCrops) = (0, 0, channels, true);
    }

    /// <summary>One more holder. Only by someone who holds it already. Any thread.</summary>
    public void AddReference()
    {
        // compare-and-swap, so that a refused call leaves no trace in the count
        var seen = Volatile.Read(ref _references);
        while (true)
        {
            if (seen <= 0)
            {
                throw new InvalidOperationException($"a reference was taken to slot {Index} that nobody holds");
            }

            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>One holder less; the last one gives the slot back to its ring. Any thread.</summary>
    public void Release()
    {
        var seen = Volatile.Read(ref _references);
        while (true)
        {
            if (seen <= 0)
            {
                throw new InvalidOperationException($"slot {Index} was released once too often");
            }

            var before = Interlocked.CompareExchange(ref _references, seen - 1, seen);
            if (before == seen)
            {
                break;
            }

            seen = before;
        }

        if (seen == 1)
        {
            _ = Interlocked.Increment(ref _generation);
            _ring.Return(this);
        }
    }

    internal void Rent()
    {
        (Width, Height, Channels, HoldsCrops) = (0, 0, 0, false);
        Geometry = default;
        Volatile.Write(ref _references, 1);
    }
}
