namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>Draws one defect on a good picture.</summary>
internal static class DefectPainter
{
    /// <param name="contrast">1 is plain to see; a subtle defect has 0.25 to 0.5.</param>
    public static void Paint(DefectKind kind, float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        switch (kind)
        {
            case DefectKind.Scratch:
                Scratch(contrast, canvas, ref random);
                break;
            case DefectKind.Pit:
                Pits(contrast, canvas, ref random);
                break;
            case DefectKind.Stain:
                Stain(contrast, canvas, ref random);
                break;
            case DefectKind.Chip:
                Chip(contrast, canvas, ref random);
                break;
            case DefectKind.Crack:
                Crack(contrast, canvas, ref random);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such defect");
        }
    }

    /// <summary>A bent groove: a bright burr beside a dark line.</summary>
    private static void Scratch(float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        var (x, y) = canvas.SurfacePlace(ref random, 6 * canvas.Scale);
        var (dx, dy) = Direction(ref random);
        var length = random.Between(40, 120) * canvas.Scale;
        var bend = random.Between(-0.12f, 0.12f) * length;
        var half = random.Between(0.8f, 1.7f) * canvas.Scale;
        Span<float> xs = stackalloc float[9];
        Span<float> ys = stackalloc float[9];
        for (var i = 0; i < xs.Length; i++)
        {
            var t = (i / 4f) - 1;
            var off = bend * (1 - (t * t));
            (xs[i], ys[i]) = (x + (t * length / 2 * dx) - (off * dy), y + (t * length / 2 * dy) + (off * dx));
        }

        Stroke(canvas, xs, ys, half, 1, 75 * contrast);
        for (var i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = (xs[i] - (dy * 1.6f * half), ys[i] + (dx * 1.6f * half));
        }

        Stroke(canvas, xs, ys, half * 0.8f, 1 - (0.45f * contrast), 0);
    }

    /// <summary>A few round holes, dark, their lower right rim lit.</summary>
    private static void Pits(float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        var (cx, cy) = canvas.SurfacePlace(ref random, 9 * canvas.Scale);
        for (var i = random.Below(4); i >= 0; i--)
        {
            var radius = random.Between(3f, 7f) * canvas.Scale;
            var (x, y) = (cx + (random.Between(-12, 12) * canvas.Scale), cy + (random.Between(-12, 12) * canvas.Scale));
            var (left, top, right, bottom) = canvas.Around(x, y, radius * 1.4f);
            for (var py = top; py < bottom; py++)
            {
                for (var px = left; px < right; px++)
                {
                    var (dx, dy) = (px + 0.5f - x, py + 0.5f - y);
                    var r = MathF.Sqrt((dx * dx) + (dy * dy));
                    var lit = r > radius * 0.8f && dx + dy > 0;
                    canvas.Shade(px, py, lit ? 1 : 1 - (0.75f * contrast), lit ? 55 * contrast : 0, Math.Clamp(radius + 0.5f - r, 0, 1));
                }
            }
        }
    }

    /// <summary>A blotch with a soft, uneven outline: oil or discolouration. Texture shows through.</summary>
    private static void Stain(float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        const int Lobes = 6;
        var (cx, cy) = canvas.SurfacePlace(ref random, 14 * canvas.Scale);
        var reach = random.Between(14, 32) * canvas.Scale;
        Span<float> xs = stackalloc float[Lobes];
        Span<float> ys = stackalloc float[Lobes];
        Span<float> sizes = stackalloc float[Lobes];
        for (var i = 0; i < Lobes; i++)
        {
            (xs[i], ys[i], sizes[i]) = (cx + (random.Between(-0.6f, 0.6f) * reach), cy + (random.Between(-0.6f, 0.6f) * reach), random.Between(0.5f, 0.95f) * reach);
        }

        var factor = random.Chance(0.3) ? 1 + (0.3f * contrast) : 1 - (0.48f * contrast);
        var (left, top, right, bottom) = canvas.Around(cx, cy, 1.6f * reach);
        for (var py = top; py < bottom; py++)
        {
            for (var px = left; px < right; px++)
            {
                var field = 0f;
                for (var i = 0; i < Lobes; i++)
                {
                    var (dx, dy) = (px + 0.5f - xs[i], py + 0.5f - ys[i]);
                    var near = Math.Max(0, 1 - (((dx * dx) + (dy * dy)) / (sizes[i] * sizes[i])));
                    field += near * near;
                }

                canvas.Shade(px, py, factor, 0, Math.Clamp((field - 0.18f) * 2.4f, 0, 1));
            }
        }
    }

    /// <summary>A bite out of the outer edge: dark where material is gone, with the flat facets of a fracture.</summary>
    private static void Chip(float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        const int Bites = 3;
        var (cx, cy) = canvas.RimPlace(ref random);
        Span<float> xs = stackalloc float[Bites];
        Span<float> ys = stackalloc float[Bites];
        Span<float> radii = stackalloc float[Bites];
        for (var i = 0; i < Bites; i++)
        {
            (xs[i], ys[i], radii[i]) = (cx + (random.Between(-8, 8) * canvas.Scale), cy + (random.Between(-8, 8) * canvas.Scale), random.Between(6, 15) * canvas.Scale);
        }

        var facet = Math.Max(2, 4 * canvas.Scale);
        var grain = (int)random.Next();
        var (left, top, right, bottom) = canvas.Around(cx, cy, 24 * canvas.Scale);
        for (var py = top; py < bottom; py++)
        {
            for (var px = left; px < right; px++)
            {
                var cover = 0f;
                for (var i = 0; i < Bites; i++)
                {
                    var (dx, dy) = (px + 0.5f - xs[i], py + 0.5f - ys[i]);
                    cover = Math.Max(cover, Math.Clamp(radii[i] + 0.5f - MathF.Sqrt((dx * dx) + (dy * dy)), 0, 1));
                }

                // facets are slanted cells, each with its own tone
                var cell = ((int)((px + (0.4f * py)) / facet) * 73) ^ ((int)((py - (0.3f * px) + 4096) / facet) * 151) ^ grain;
                canvas.Shade(px, py, 1 - (0.8f * contrast), ((cell * 37) >> 3 & 7) * 9 * contrast, cover);
            }
        }
    }

    /// <summary>A thin dark line that wanders, with one branch.</summary>
    private static void Crack(float contrast, DefectCanvas canvas, ref SeededStream random)
    {
        var (x, y) = canvas.SurfacePlace(ref random, 5 * canvas.Scale);
        var (dx, dy) = Direction(ref random);
        Span<float> xs = stackalloc float[12];
        Span<float> ys = stackalloc float[12];
        var half = random.Between(0.7f, 1.3f) * canvas.Scale;
        var step = random.Between(5, 10) * canvas.Scale;
        Wander(xs, ys, x, y, dx, dy, step, ref random);
        Stroke(canvas, xs, ys, half, 1 - (0.8f * contrast), 0);
        var from = 3 + random.Below(5);
        var (bx, by) = (xs[from], ys[from]);
        Wander(xs[..6], ys[..6], bx, by, (0.7f * dx) - (0.7f * dy), (0.7f * dx) + (0.7f * dy), step * 0.8f, ref random);
        Stroke(canvas, xs[..6], ys[..6], half * 0.8f, 1 - (0.7f * contrast), 0);
    }

    private static void Wander(Span<float> xs, Span<float> ys, float x, float y, float dx, float dy, float step, ref SeededStream random)
    {
        for (var i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = (x, y);
            var turn = random.Between(-0.8f, 0.8f);
            (x, y) = (x + (step * (dx - (turn * dy))), y + (step * (dy + (turn * dx))));
        }
    }

    /// <summary>A polyline with soft edges.</summary>
    private static void Stroke(DefectCanvas canvas, ReadOnlySpan<float> xs, ReadOnlySpan<float> ys, float half, float factor, float add)
    {
        var (left, top, right, bottom) = (canvas.Width, canvas.Height, 0, 0);
        for (var i = 0; i < xs.Length; i++)
        {
            var box = canvas.Around(xs[i], ys[i], half + 1);
            (left, top, right, bottom) = (Math.Min(left, box.Left), Math.Min(top, box.Top), Math.Max(right, box.Right), Math.Max(bottom, box.Bottom));
        }

        for (var py = top; py < bottom; py++)
        {
            for (var px = left; px < right; px++)
            {
                var nearest = float.MaxValue;
                for (var i = 1; i < xs.Length; i++)
                {
                    nearest = Math.Min(nearest, SquaredDistance(px + 0.5f, py + 0.5f, xs[i - 1], ys[i - 1], xs[i], ys[i]));
                }

                canvas.Shade(px, py, factor, add, Math.Clamp(half + 0.5f - MathF.Sqrt(nearest), 0, 1));
            }
        }
    }

    private static float SquaredDistance(float x, float y, float ax, float ay, float bx, float by)
    {
        var (dx, dy) = (bx - ax, by - ay);
        var t = Math.Clamp((((x - ax) * dx) + ((y - ay) * dy)) / Math.Max((dx * dx) + (dy * dy), 1e-6f), 0, 1);
        var (ex, ey) = (x - ax - (t * dx), y - ay - (t * dy));
        return (ex * ex) + (ey * ey);
    }

    /// <summary>A unit vector, all directions nearly alike, without a sine.</summary>
    private static (float X, float Y) Direction(ref SeededStream random)
    {
        while (true)
        {
            var (x, y) = (random.Between(-1, 1), random.Between(-1, 1));
            var square = (x * x) + (y * y);
            if (square is > 0.01f and <= 1)
            {
                var length = MathF.Sqrt(square);
                return (x / length, y / length);
            }
        }
    }
}
