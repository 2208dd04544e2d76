namespace Inspection.Simulation.Engine;

/// <summary>SplitMix64: the same numbers from the same seed on every machine and version. One thread.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    public ulong Next64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to below <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(Next64() % (ulong)below);

    /// <summary>Both ends included.</summary>
    public int Next(int from, int to) => from + Next(to - from + 1);

    public double Share() => (Next64() >> 11) * (1.0 / (1L << 53));

    public bool Chance(double share) => share > 0 && Share() < share;

    public TimeSpan Ms(double from, double to) => TimeSpan.FromTicks((long)((from + (Share() * (to - from))) * TimeSpan.TicksPerMillisecond));

    public T Pick<T>(IReadOnlyList<T> among) => among[Next(among.Count)];

    /// <summary>Another generator, whose numbers do not depend on how many this one still gives.</summary>
    public Rng Fork() => new(Next64());
}
