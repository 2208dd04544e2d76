namespace Inspection.Learning.Statistics;

/// <summary>The 8-connected regions of a mask (rule 14 of evaluation.md).</summary>
public static class ConnectedRegions
{
    /// <param name="mask">[height, width], not 0: defect.</param>
    /// <param name="labels">[height, width], receives 0 for no defect, else the region's number from 1, in order of their first pixel.</param>
    /// <returns>The number of regions.</returns>
    public static int Label(ReadOnlySpan<byte> mask, int width, int height, Span<int> labels)
    {
        labels[..(width * height)].Clear();
        var count = 0;
        var open = new Stack<int>();
        for (var start = 0; start < width * height; start++)
        {
            if (mask[start] == 0 || labels[start] != 0)
            {
                continue;
            }

            labels[start] = ++count;
            open.Push(start);
            while (open.TryPop(out var at))
            {
                var (y, x) = Math.DivRem(at, width);
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        var near = (ny * width) + nx;
                        if (mask[near] != 0 && labels[near] == 0)
                        {
                            labels[near] = count;
                            open.Push(near);
                        }
                    }
                }
            }
        }

        return count;
    }
}
