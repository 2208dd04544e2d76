using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inspection.Learning.Fitting;

/// <summary>The few dense kernels that fitting spends its time in. Each result depends on its own operands only, so it is the same on any number of threads.</summary>
internal static class Simd
{
    /// <summary>Sum of a[i] * b[i].</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"vectors of {a.Length} and {b.Length} numbers have no inner product", nameof(b));
        }

        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var (first, second) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i <= a.Length - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            first = Vector.FusedMultiplyAdd(Load(ref x, i), Load(ref y, i), first);
            second = Vector.FusedMultiplyAdd(Load(ref x, i + Vector<float>.Count), Load(ref y, i + Vector<float>.Count), second);
        }

        var sum = Vector.Sum(first + second);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target += scale * source.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float scale)
    {
        ref var x = ref MemoryMarshal.GetReference(target);
        ref var y = ref MemoryMarshal.GetReference(source);
        var factor = new Vector<float>(scale);
        var i = 0;
        for (; i <= Math.Min(target.Length, source.Length) - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(factor, Load(ref y, i), Load(ref x, i)).StoreUnsafe(ref Unsafe.Add(ref x, i));
        }

        for (; i < target.Length; i++)
        {
            target[i] += scale * source[i];
        }
    }

    private static Vector<float> Load(ref float start, int index) => Vector.LoadUnsafe(ref Unsafe.Add(ref start, index));
}
