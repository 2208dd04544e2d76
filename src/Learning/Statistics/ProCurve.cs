namespace Inspection.Learning.Statistics;

/// <summary>Per-region overlap over the false-positive rate, at every attained threshold from (0, 0) on.</summary>
internal sealed class ProCurve
{
    private readonly List<(double Rate, double Overlap)> _points;

    private ProCurve(List<(double Rate, double Overlap)> points) => _points = points;

    /// <param name="ascending">Each defective pixel as (score key &lt;&lt; 32 | region).</param>
    /// <param name="sizes">Pixels of each region: every region weighs the same, however large.</param>
    public static ProCurve Of(ReadOnlySpan<ulong> ascending, IReadOnlyList<int> sizes, PixelCounts counts)
    {
        var points = new List<(double, double)> { (0, 0) };
        var (falseAlarms, overlap, at) = (0L, 0.0, ascending.Length);
        for (var i = counts.Count; i >= 0; i--)
        {
            if (i < counts.Count)
            {
                // the threshold falls onto a score that defective pixels have
                for (var n = counts.DefectsAt(i); n > 0; n--)
                {
                    overlap += 1.0 / ((double)sizes[(int)(uint)ascending[--at]] * sizes.Count);
                }

                falseAlarms += counts.GoodAt(i);
                points.Add(((double)falseAlarms / counts.Good, overlap));
            }

            // and then through scores that only defect-free pixels have: a level step
            if (counts.GoodBelow(i) > 0)
            {
                falseAlarms += counts.GoodBelow(i);
                points.Add(((double)falseAlarms / counts.Good, overlap));
            }
        }

        return new ProCurve(points);
    }

    /// <summary>Trapezoids up to the limit, linearly interpolated there, divided by the limit.</summary>
    public double Area(double limit)
    {
        var area = 0.0;
        for (var i = 1; i < _points.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (_points[i - 1], _points[i]);
            if (x1 > limit)
            {
                var y = y0 + ((y1 - y0) * (limit - x0) / (x1 - x0));
                return (area + ((limit - x0) * (y0 + y) / 2)) / limit;
            }

            area += (x1 - x0) * (y0 + y1) / 2;
        }

        return area / limit;
    }
}
