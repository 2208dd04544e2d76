using System.Runtime.InteropServices;

namespace Inspection.Vision.Frames;

/// <summary>
/// Rule S2: a fixed number of slots in native memory, allocated once (pages are touched only when used). When all are rented,
/// <see cref="TryRent"/> says no, and the caller sheds and records. Any thread.
/// </summary>
public sealed unsafe class FrameRing : IDisposable
{
    private const nuint Alignment = 64;
    private readonly Lock _gate = new();
    private readonly FrameSlot[] _slots;
    private readonly int[] _free;
    private byte* _memory;
    private int _freeCount;

    /// <param name="slots">How many frames may be held at once.</param>
    /// <param name="pixelCapacity">Bytes of the largest decoded frame.</param>
    /// <param name="tensorLength">Bytes of the model's input.</param>
    public FrameRing(int slots, int pixelCapacity, int tensorLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixelCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tensorLength);
        var pixelRoom = RoundUp(pixelCapacity);
        var tensorRoom = RoundUp(tensorLength);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)slots * (pixelRoom + tensorRoom), Alignment);
        _slots = new FrameSlot[slots];
        _free = new int[slots];
        for (var i = 0; i < slots; i++)
        {
            var start = _memory + ((nuint)i * (pixelRoom + tensorRoom));
            _slots[i] = new FrameSlot(this, i, start, pixelCapacity, start + pixelRoom, tensorLength);
            _free[i] = slots - 1 - i;
        }

        _freeCount = slots;
    }

    public int Count => _slots.Length;

    public int Free => Volatile.Read(ref _freeCount);

    public IReadOnlyList<FrameSlot> Slots => _slots;

    /// <summary>Takes a free slot with one reference held by the caller; false when all are in use.</summary>
    public bool TryRent(out FrameSlot slot)
    {
        lock (_gate)
        {
            if (_freeCount == 0 || _memory is null)
            {
                slot = null!;
                return false;
            }

            slot = _slots[_free[--_freeCount]];
            slot.Rent();
            return true;
        }
    }

    // a station that restarts leaves its ring to the workers that still hold slots: freed when the last of them lets go
    ~FrameRing() => FreeMemory();

    /// <summary>Frees the memory. Only when no worker can touch a slot any more.</summary>
    public void Dispose()
    {
        FreeMemory();
        GC.SuppressFinalize(this);
    }

    internal void Return(FrameSlot slot)
    {
        lock (_gate)
        {
            _free[_freeCount++] = slot.Index;
        }
    }

    private void FreeMemory()
    {
        lock (_gate)
        {
            if (_memory is not null)
            {
                NativeMemory.AlignedFree(_memory);
                _memory = null;
            }
        }
    }

    private static nuint RoundUp(int bytes) => ((nuint)bytes + Alignment - 1) & ~(Alignment - 1);
}
