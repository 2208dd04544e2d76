namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>How bright a place of a part is, how strongly brushed, and whether it is surface on which a defect can lie.</summary>
internal readonly record struct Shade(float Brightness, float Brush, bool Surface);

/// <summary>
/// The designs as functions of the place: (0, 0) is the centre, 1 half of the picture's shorter side, light from the upper left. Only
/// + - * / and square roots, which every machine rounds alike.
/// </summary>
internal static class DesignShading
{
    private const float LightX = -0.6f;
    private const float LightY = -0.8f;

    public static Shade At(PartDesign design, float x, float y) => design == PartDesign.Plate ? Plate(x, y) : Disc(x, y);

    private static Shade Plate(float x, float y)
    {
        var edge = RoundedBox(x, y, 0.74f, 0.58f, 0.12f);
        if (edge > 0)
        {
            return Background(RoundedBox(x - 0.04f, y - 0.05f, 0.74f, 0.58f, 0.12f));
        }

        var r = Length(x, y);
        if (r < 0.29f)
        {
            return Counterbore(x, y, r, 0.2f, 0.29f);
        }

        var (hx, hy) = (MathF.Abs(x) - 0.57f, MathF.Abs(y) - 0.41f);
        var hole = Length(hx, hy);
        if (hole < 0.09f)
        {
            return Hole(x < 0 ? -hx : hx, y < 0 ? -hy : hy, hole, 0.055f);
        }

        var slot = Capsule(x, y, 0.42f, 0.58f, 0f) - 0.04f;
        if (slot < 0)
        {
            return new Shade(slot > -0.012f ? 112 + (60 * MathF.Sign(y)) : 84, 10, false);
        }

        if (x is > -0.62f and < -0.38f && MathF.Abs(y) < 0.225f)
        {
            var step = (y + 0.225f) / 0.05f;
            var toMark = MathF.Abs(step - MathF.Round(step)) * 0.05f;
            var isLong = (int)MathF.Round(step) % 3 == 0;
            if (toMark < 0.006f && x < (isLong ? -0.42f : -0.5f))
            {
                return new Shade(96, 18, true);
            }
        }

        return edge > -0.035f ? new Shade(Bevel(x, y), 12, true) : new Shade(160 - (10 * y), 26, true);
    }

    private static Shade Disc(float x, float y)
    {
        const float Radius = 0.8f;
        var r = Length(x, y);
        if (r > Radius)
        {
            return Background(Length(x - 0.04f, y - 0.05f) - Radius);
        }

        var isKeyway = MathF.Abs(y) < 0.06f && x is > 0 and < 0.31f;
        if (r < 0.24f || isKeyway)
        {
            return new Shade(r > 0.22f && !isKeyway ? 105 : 24 + (14 * MathF.Max(0, y)), 0, false);
        }

        for (var i = 0; i < 6; i++)
        {
            var (cx, cy) = ((i % 3) switch { 0 => 0.56f, 1 => 0.28f, _ => -0.28f }, (i % 3) == 0 ? 0f : 0.48497422f);
            var (dx, dy) = i < 3 ? (x - cx, y - cy) : (x + cx, y + cy);
            var hole = Length(dx, dy);
            if (hole < 0.1f)
            {
                return Hole(dx, dy, hole, 0.065f);
            }
        }

        if (r > Radius - 0.04f)
        {
            return new Shade(142 + (75 * ((x * LightX) + (y * LightY)) / r), 12, true);
        }

        var groove = MathF.Abs(r - 0.4f) < 0.012f || MathF.Abs(r - 0.7f) < 0.01f;
        var ridge = (r * 34) - MathF.Floor(r * 34);
        var turned = 134 + (46 * Glare(x, y, r)) + (10 * MathF.Abs(ridge - 0.5f));
        return new Shade(groove ? turned - 52 : turned, 20, true);
    }

    /// <summary>The conveyor, darker in the part's soft shadow.</summary>
    private static Shade Background(float shadow) => new(40 - (24 * Math.Clamp(1 - (shadow / 0.08f), 0, 1)), 7, false);

    private static Shade Counterbore(float x, float y, float r, float bore, float rim)
    {
        if (r < bore)
        {
            return new Shade(r > bore - 0.018f ? 92 : 22 + (20 * MathF.Max(0, y + x)), 0, false);
        }

        var face = 128 + (52 * Glare(x, y, r));
        return new Shade(r > rim - 0.014f ? face - (70 * ((x * LightX) + (y * LightY)) / r) : face, 14, true);
    }

    private static Shade Hole(float dx, float dy, float r, float inner) => r < inner
        ? new Shade(26, 0, false)
        : new Shade(130 - (75 * ((dx * LightX) + (dy * LightY)) / r), 8, false);

    /// <summary>A turned face shines in two opposite sectors: cos of twice the angle to the light, without a cosine.</summary>
    private static float Glare(float x, float y, float r)
    {
        var (along, across) = (((x * LightX) + (y * LightY)) / r, ((x * LightY) - (y * LightX)) / r);
        var cos2 = (along * along) - (across * across);
        return cos2 > 0 ? cos2 : 0.25f * cos2;
    }

    private static float Bevel(float x, float y)
    {
        var (nx, ny) = (MathF.Max(0, MathF.Abs(x) - 0.62f) * MathF.Sign(x), MathF.Max(0, MathF.Abs(y) - 0.46f) * MathF.Sign(y));
        var n = MathF.Max(Length(nx, ny), 1e-6f);
        return 140 + (70 * ((nx * LightX) + (ny * LightY)) / n);
    }

    private static float RoundedBox(float x, float y, float halfWidth, float halfHeight, float radius)
    {
        var (qx, qy) = (MathF.Abs(x) - halfWidth + radius, MathF.Abs(y) - halfHeight + radius);
        return Length(MathF.Max(qx, 0), MathF.Max(qy, 0)) + MathF.Min(MathF.Max(qx, qy), 0) - radius;
    }

    private static float Capsule(float x, float y, float fromX, float toX, float atY) => Length(x - Math.Clamp(x, fromX, toX), y - atY);

    private static float Length(float x, float y) => MathF.Sqrt((x * x) + (y * y));
}
