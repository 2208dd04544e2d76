using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inspection.Vision.Imaging.Decoding;

/// <summary>RGBA, 4 bytes a pixel, to packed RGB or (where R = G = B) to one channel.</summary>
internal static class RgbaPacking
{
    public static void ToRgb(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var pixels = rgba.Length / 4;
        ref var from = ref MemoryMarshal.GetReference(rgba);
        ref var to = ref MemoryMarshal.GetReference(rgb);
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var pick = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);

            // 16 bytes are written where 12 count: stop while the 4 beyond still lie within the row room
            for (; i + 6 <= pixels; i += 4)
            {
                var packed = Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)(4 * i)), pick);
                packed.StoreUnsafe(ref to, (nuint)(3 * i));
            }
        }

        for (; i < pixels; i++)
        {
            Unsafe.Add(ref to, 3 * i) = Unsafe.Add(ref from, 4 * i);
            Unsafe.Add(ref to, (3 * i) + 1) = Unsafe.Add(ref from, (4 * i) + 1);
            Unsafe.Add(ref to, (3 * i) + 2) = Unsafe.Add(ref from, (4 * i) + 2);
        }
    }

    public static void ToGrey(ReadOnlySpan<byte> rgba, Span<byte> grey)
    {
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = rgba[4 * i];
        }
    }
}
