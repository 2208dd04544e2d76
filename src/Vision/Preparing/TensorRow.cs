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
            Round(values, tensor);
            return;
        }

        for (var x = 0; x < values.Length; x++)
        {
            tensor[3 * x] = tensor[(3 * x) + 1] = tensor[(3 * x) + 2] = Round(values[x]);
        }
    }

    private static void Round(ReadOnlySpan<float> values, Span<byte> tensor)
    {
        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(tensor);
        var half = Vector256.Create(0.5f);
        var most = Vector256.Create(255f);
        var x = 0;
        for (; x <= values.Length - 32; x += 32)
        {
            var a = Whole(x, ref from);
            var b = Whole(x + 8, ref from);
            var c = Whole(x + 16, ref from);
            var d = Whole(x + 24, ref from);
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).StoreUnsafe(ref to, (nuint)x);
        }

        for (; x < values.Length; x++)
        {
            tensor[x] = Round(values[x]);
        }

        Vector256<uint> Whole(int at, ref float start) =>
            Vector256.ConvertToInt32Native(Vector256.Min(most, Vector256.LoadUnsafe(ref start, (nuint)at) + half)).AsUInt32();
    }

    /// <summary>Values are weighted means of bytes: never negative, never NaN.</summary>
    private static byte Round(float value) => (byte)(int)Math.Min(255f, value + 0.5f);
}
