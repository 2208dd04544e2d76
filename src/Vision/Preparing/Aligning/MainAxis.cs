namespace Inspection.Vision.Preparing.Aligning;

/// <summary>The main axis of a set of pixels from its second moments, and its direction from its third. Square roots only: the same on every machine.</summary>
internal static class MainAxis
{
    /// <summary>In the blob's own pixels (edge coordinates); null where it is as wide as long.</summary>
    public static PartPose? Of(ReadOnlySpan<int> blob, int width)
    {
        var (sumX, sumY) = (0.0, 0.0);
        foreach (var at in blob)
        {
            sumX += at % width;
            sumY += at / width;
        }

        var (cx, cy) = ((sumX / blob.Length) + 0.5, (sumY / blob.Length) + 0.5);
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        foreach (var at in blob)
        {
            var (dx, dy) = ((at % width) + 0.5 - cx, (at / width) + 0.5 - cy);
            (xx, yy, xy) = (xx + (dx * dx), yy + (dy * dy), xy + (dx * dy));
        }

        // 1/12 is the variance of a pixel's own extent: a one-pixel line has a breadth too
        (xx, yy, xy) = ((xx / blob.Length) + (1 / 12.0), (yy / blob.Length) + (1 / 12.0), xy / blob.Length);
        var half = (xx - yy) / 2;
        var root = Math.Sqrt((half * half) + (xy * xy));
        var (along, across) = (((xx + yy) / 2) + root, ((xx + yy) / 2) - root);
        if (along < across * AlignmentConstants.MinElongation * AlignmentConstants.MinElongation)
        {
            return null;
        }

        var (ax, ay) = half >= 0 ? (root + half, xy) : (xy, root - half);
        var length = Math.Sqrt((ax * ax) + (ay * ay));
        return Measure(blob, width, cx, cy, ax / length, ay / length, along, across);
    }

    private static PartPose Measure(ReadOnlySpan<int> blob, int width, double cx, double cy, double ax, double ay, double along, double across)
    {
        var (uMin, uMax, vMin, vMax) = (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
        var (skew, taper) = (0.0, 0.0);
        foreach (var at in blob)
        {
            var (dx, dy) = ((at % width) + 0.5 - cx, (at / width) + 0.5 - cy);
            var (u, v) = ((dx * ax) + (dy * ay), (dy * ax) - (dx * ay));
            (uMin, uMax) = (Math.Min(uMin, u), Math.Max(uMax, u));
            (vMin, vMax) = (Math.Min(vMin, v), Math.Max(vMax, v));
            skew += u * u * u;
            taper += u * v * v;
        }

        // both third moments that change sign with the direction: where the tail is, and where the part is broad
        skew /= blob.Length * along * Math.Sqrt(along);
        taper /= blob.Length * across * Math.Sqrt(along);
        var direction = taper - skew;
        var sign = direction >= 0 ? 1 : -1;
        var edge = (Math.Abs(ax) + Math.Abs(ay)) / 2;
        var (u0, v0) = ((uMin + uMax) / 2, (vMin + vMax) / 2);
        return new PartPose(
            cx + (u0 * ax) - (v0 * ay),
            cy + (u0 * ay) + (v0 * ax),
            ax * sign,
            ay * sign,
            uMax - uMin + (2 * edge),
            vMax - vMin + (2 * edge),
            Math.Abs(direction));
    }
}
