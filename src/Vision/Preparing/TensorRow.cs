using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inspection.Vision.Preparing;

/// <summary>Writes one row of the tensor: rounds to nearest, saturates, and repeats a grey value over the channels asked for.</summary>
internal static class TensorRow
{
    /// <param name="values">[width, 1] or [width, channels].</param>
    /// <param name="tensor">[width, channels].</param>
    public static void Write(ReadOnlySpan<float> values, Span<byte> tensor)
    {
        if (values.Length == tensor.Length)
        {
            One(values, tensor);
        }
        else
        {
            Three(values, tensor);
        }
    }

    private static void One(ReadOnlySpan<float> values, Span<byte> tensor)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(tensor);
        var x = 0;
        for (; x <= values.Length - 16; x += 16)
        {
            Sixteen(ref from, x).StoreUnsafe(ref to, (nuint)x);
        }

        for (; x < values.Length; x++)
        {
            tensor[x] = Round(values[x]);
        }
    }

    private static void Three(ReadOnlySpan<float> values, Span<byte> tensor)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(tensor);
        var x = 0;
        for (; x <= values.Length - 16; x += 16)
        {
            var grey = Sixteen(ref from, x);
            Vector128.Shuffle(grey, Vector128.Create((byte)0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5)).StoreUnsafe(ref to, (nuint)(3 * x));
            Vector128.Shuffle(grey, Vector128.Create((byte)5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10)).StoreUnsafe(ref to, (nuint)((3 * x) + 16));
            Vector128.Shuffle(grey, Vector128.Create((byte)10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15)).StoreUnsafe(ref to, (nuint)((3 * x) + 32));
        }

        for (; x < values.Length; x++)
        {
            tensor[3 * x] = tensor[(3 * x) + 1] = tensor[(3 * x) + 2] = Round(values[x]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Sixteen(ref float from, int at)
    {
        var (a, b) = (Whole(ref from, at), Whole(ref from, at + 8));
        var words = Vector256.Narrow(a, b);
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Whole(ref float from, int at) =>
        Vector256.ConvertToInt32Native(Vector256.Min(Vector256.Create(255f), Vector256.LoadUnsafe(ref from, (nuint)at) + Vector256.Create(0.5f))).AsUInt32();

    /// <summary>Values are weighted means of bytes: never negative, never NaN.</summary>
    private static byte Round(float value) => (byte)(int)Math.Min(255f, value + 0.5f);
}
