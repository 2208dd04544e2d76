namespace Inspection.Vision.Preparing.Aligning;

/// <summary>Finds the largest 8-connected region of marked pixels. Buffers are kept: a second image of the same size allocates nothing.</summary>
internal sealed class BlobFinder
{
    private int[] _pixels = [];

    /// <summary>Indices of the largest region's pixels (the first found among equals), valid until the next call; clears the marks.</summary>
    /// <param name="marked">[height, width].</param>
    public ReadOnlySpan<int> Largest(Span<bool> marked, int width, int height)
    {
        if (_pixels.Length < marked.Length)
        {
            _pixels = new int[marked.Length];
        }

        // every marked pixel is pushed once, so all regions lie in one array one after another
        var (filled, bestAt, bestCount) = (0, 0, 0);
        for (var seed = 0; seed < marked.Length; seed++)
        {
            if (!marked[seed])
            {
                continue;
            }

            var start = filled;
            marked[seed] = false;
            _pixels[filled++] = seed;
            for (var at = start; at < filled; at++)
            {
                var (x, y) = (_pixels[at] % width, _pixels[at] / width);
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        var next = (ny * width) + nx;
                        if (marked[next])
                        {
                            marked[next] = false;
                            _pixels[filled++] = next;
                        }
                    }
                }
            }

            if (filled - start > bestCount)
            {
                (bestAt, bestCount) = (start, filled - start);
            }
        }

        return _pixels.AsSpan(bestAt, bestCount);
    }
}
