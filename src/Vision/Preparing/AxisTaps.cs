namespace Inspection.Vision.Preparing;

/// <summary>
/// For each of <see cref="Outputs"/> positions along one axis, which source positions it is made of and with what weights (they add up
/// to 1). Shrinking: the share of each source cell that lies within the output cell (OpenCV's INTER_AREA). Enlarging: the two neighbours
/// by distance between centres, clamped at the ends (INTER_LINEAR). Equal: a copy. Arrays only grow, so a used table allocates nothing.
/// </summary>
internal sealed class AxisTaps
{
    private int[] _first = [];
    private int[] _count = [];
    private float[] _weights = [];

    public int Sources { get; private set; }

    public int Outputs { get; private set; }

    /// <summary>The most taps any output has; weights of output i start at i * MaxCount.</summary>
    public int MaxCount { get; private set; }

    public int First(int output) => _first[output];

    public int Count(int output) => _count[output];

    public ReadOnlySpan<float> Weights(int output) => _weights.AsSpan(output * MaxCount, _count[output]);

    /// <summary>True where anything was built anew.</summary>
    public bool Build(int sources, int outputs)
    {
        if (sources == Sources && outputs == Outputs)
        {
            return false;
        }

        (Sources, Outputs) = (sources, outputs);
        var scale = (double)sources / outputs;
        MaxCount = sources > outputs ? (int)Math.Ceiling(scale) + 1 : 2;
        Grow(outputs);
        for (var i = 0; i < outputs; i++)
        {
            if (sources > outputs)
            {
                Area(i, scale);
            }
            else if (sources < outputs)
            {
                Linear(i, scale);
            }
            else
            {
                (_first[i], _count[i], _weights[i * MaxCount]) = (i, 1, 1f);
            }
        }

        return true;
    }

    private void Area(int i, double scale)
    {
        // cells closer to a boundary than this are rounding of i * scale, not shares
        const double Grain = 1e-6;
        var (from, to) = (i * scale, Math.Min((i + 1) * scale, Sources));
        var first = (int)Math.Floor(from + Grain);
        var last = Math.Min(Sources, (int)Math.Ceiling(to - Grain));
        (_first[i], _count[i]) = (first, last - first);
        for (var s = first; s < last; s++)
        {
            var share = Math.Min(s + 1, to) - Math.Max(s, from);
            _weights[(i * MaxCount) + s - first] = (float)(share / (to - from));
        }
    }

    private void Linear(int i, double scale)
    {
        var centre = ((i + 0.5) * scale) - 0.5;
        var left = (int)Math.Floor(centre);
        var part = centre - left;
        if (left < 0 || left >= Sources - 1)
        {
            (_first[i], _count[i], _weights[i * MaxCount]) = (Math.Clamp(left, 0, Sources - 1), 1, 1f);
            return;
        }

        (_first[i], _count[i]) = (left, 2);
        (_weights[i * MaxCount], _weights[(i * MaxCount) + 1]) = ((float)(1 - part), (float)part);
    }

    private void Grow(int outputs)
    {
        if (_first.Length < outputs)
        {
            _first = new int[outputs];
            _count = new int[outputs];
        }

        if (_weights.Length < outputs * MaxCount)
        {
            _weights = new float[outputs * MaxCount];
        }
    }
}
