namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>
/// Numbers that depend on a seed and nothing else: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
/// Integer arithmetic and exact conversions only, so every machine draws the same.
/// </summary>
internal struct SeededStream
{
    private ulong _state;

    public SeededStream(params ReadOnlySpan<long> keys)
    {
        foreach (var key in keys)
        {
            _state ^= (ulong)key;
            _state = Next();
        }
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 (included) to 1 (excluded).</summary>
    public float Unit() => (Next() >> 40) * (1f / (1 << 24));

    public float Between(float least, float most) => least + (Unit() * (most - least));

    /// <summary>0 to count - 1.</summary>
    public int Below(int count) => (int)((Next() >> 33) % (ulong)count);

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Roughly normal, mean 0, variance 1: a sum of twelve uniforms less six.</summary>
    public float Bell()
    {
        var sum = -6f;
        for (var i = 0; i < 12; i++)
        {
            sum += Unit();
        }

        return sum;
    }
}
