using System.Collections.Concurrent;
using FsCheck.Xunit;
using Inspection.Vision.Frames;

namespace Inspection.Vision.Tests.Frames;

public sealed class FrameRingTests
{
    [Fact]
    public void A_full_ring_says_no_and_a_release_makes_room_again()
    {
        using var ring = new FrameRing(3, 100, 50);
        var rented = Enumerable.Range(0, 3).Select(_ => Rent(ring)).ToList();
        Assert.Equal(3, rented.Distinct().Count());
        Assert.False(ring.TryRent(out _));
        Assert.Equal(0, ring.Free);
        rented[1].Release();
        Assert.Equal(1, ring.Free);
        Assert.Same(rented[1], Rent(ring));
    }

    [Fact]
    public void Slots_do_not_overlap_and_tensors_are_aligned()
    {
        using var ring = new FrameRing(4, 101, 53);
        var slots = Enumerable.Range(0, 4).Select(_ => Rent(ring)).ToList();
        foreach (var slot in slots)
        {
            slot.PixelRoom.Fill((byte)(10 + slot.Index));
            slot.Tensor.Fill((byte)(20 + slot.Index));
        }

        foreach (var slot in slots)
        {
            Assert.Equal(101, slot.PixelRoom.Length);
            Assert.Equal(-1, slot.PixelRoom.IndexOfAnyExcept((byte)(10 + slot.Index)));
            Assert.Equal(-1, slot.Tensor.IndexOfAnyExcept((byte)(20 + slot.Index)));
            unsafe
            {
                Assert.Equal(0, (nint)slot.TensorPointer % 64);
            }
        }
    }

    [Fact]
    public void An_answer_for_an_earlier_frame_is_told_apart_by_the_generation()
    {
        using var ring = new FrameRing(1, 10, 10);
        var slot = Rent(ring);
        var asked = slot.Generation;
        slot.AddReference();
        slot.Release();
        Assert.Equal(asked, slot.Generation);
        slot.Release();
        Assert.NotEqual(asked, slot.Generation);
        var between = slot.Generation;
        Assert.Same(slot, Rent(ring));
        Assert.Equal(between, slot.Generation);
        Assert.Equal((0, 0, 0), (slot.Width, slot.Height, slot.Channels));
    }

    [Fact]
    public void Releasing_twice_throws_and_does_not_give_the_slot_out_twice()
    {
        using var ring = new FrameRing(2, 10, 10);
        var slot = Rent(ring);
        slot.Release();
        Assert.Contains("once too often", Assert.Throws<InvalidOperationException>(slot.Release).Message, StringComparison.Ordinal);
        _ = Assert.Throws<InvalidOperationException>(slot.AddReference);
        Assert.Equal(2, ring.Free);
        Assert.NotSame(Rent(ring), Rent(ring));
        Assert.False(ring.TryRent(out _));
    }

    [Fact]
    public void A_frame_that_does_not_fit_its_slot_is_refused()
    {
        using var ring = new FrameRing(1, 100, 10);
        var slot = Rent(ring);
        slot.SetShape(10, 10, 1);
        Assert.Equal(100, slot.Pixels.Length);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => slot.SetShape(10, 4, 3));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => slot.SetShape(10, 10, 2));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => slot.SetShape(0, 10, 1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => slot.SetShape(65536, 65536, 1));
    }

    [Fact]
    public void A_disposed_ring_rents_nothing()
    {
        var ring = new FrameRing(1, 10, 10);
        ring.Dispose();
        ring.Dispose();
        Assert.False(ring.TryRent(out _));
    }

    /// <summary>Any number of threads rent, share and release: nobody ever finds another's mark in a slot, and all slots come back.</summary>
    [Property(MaxTest = 12)]
    public bool However_many_threads_share_a_ring_a_slot_has_one_owner_and_all_come_back(byte seed, byte slotCount)
    {
        const int Threads = 4;
        using var ring = new FrameRing(1 + (slotCount % 5), 8, 8);
        using var start = new Barrier(Threads);
        var faults = new ConcurrentQueue<string>();
        var threads = Enumerable.Range(1, Threads).Select(id => new Thread(() =>
        {
            var random = new Random(seed + id);
            start.SignalAndWait();
            for (var i = 0; i < 4000; i++)
            {
                if (!ring.TryRent(out var slot))
                {
                    continue;
                }

                slot.Tensor.Fill((byte)id);
                var extra = random.Next(3);
                for (var k = 0; k < extra; k++)
                {
                    slot.AddReference();
                }

                for (var k = 0; k <= extra; k++)
                {
                    if (slot.Tensor.IndexOfAnyExcept((byte)id) >= 0)
                    {
                        faults.Enqueue($"slot {slot.Index} held by {id} was written by another");
                    }

                    slot.Release();
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return faults.IsEmpty && ring.Free == ring.Count;
    }

    private static FrameSlot Rent(FrameRing ring)
    {
        Assert.True(ring.TryRent(out var slot));
        return slot;
    }
}
