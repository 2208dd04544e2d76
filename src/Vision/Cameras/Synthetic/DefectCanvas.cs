namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>The grey picture and its defect mask while a defect is drawn: changes only surface, and marks what changed visibly.</summary>
internal readonly ref struct DefectCanvas(PartMaster master, Pose pose, int width, int height, Span<byte> pixels, Span<byte> mask)
{
    private readonly Span<byte> _pixels = pixels;
    private readonly Span<byte> _mask = mask;

    public int Width => width;

    public int Height => height;

    /// <summary>Picture pixels per unit of size: defects keep their share of the part at any picture size; 1 at 320 pixels.</summary>
    public float Scale => Math.Min(width, height) / 320f;

    /// <summary>Whether the pixel (picture coordinates) shows surface.</summary>
    public bool IsSurface(float x, float y)
    {
        var (mx, my) = pose.ToMaster(x - (width / 2f), y - (height / 2f));
        return master.IsSurface((int)(mx + (master.Side / 2f)), (int)(my + (master.Side / 2f)));
    }

    /// <summary>A place on the surface with at least <paramref name="margin"/> of surface around it.</summary>
    public (float X, float Y) SurfacePlace(ref SeededStream random, float margin)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            var (x, y) = (random.Between(0.05f, 0.95f) * width, random.Between(0.05f, 0.95f) * height);
            if (IsSurface(x, y) && IsSurface(x - margin, y) && IsSurface(x + margin, y) && IsSurface(x, y - margin) && IsSurface(x, y + margin))
            {
                return (x, y);
            }
        }

        // no place with that much room in this design: the first surface pixel has some
        return RimPlace(ref random);
    }

    /// <summary>A place on the part's outer edge.</summary>
    public (float X, float Y) RimPlace(ref SeededStream random)
    {
        var at = master.Rim[random.Below(master.Rim.Length)];
        var (x, y) = pose.ToPicture((at % master.Side) + 0.5f - (master.Side / 2f), (at / master.Side) + 0.5f - (master.Side / 2f));
        return (x + (width / 2f), y + (height / 2f));
    }

    /// <summary>value * factor + add, blended in by cover (0..1); marked where cover is at least a third.</summary>
    public void Shade(int x, int y, float factor, float add, float cover)
    {
        if (cover <= 0 || (uint)x >= (uint)width || (uint)y >= (uint)height || !IsSurface(x + 0.5f, y + 0.5f))
        {
            return;
        }

        ref var pixel = ref _pixels[(y * width) + x];
        var value = pixel + (cover * ((pixel * (factor - 1)) + add));
        pixel = (byte)Math.Clamp(value + 0.5f, 0, 255);
        if (cover >= 0.34f && !_mask.IsEmpty)
        {
            _mask[(y * width) + x] = 255;
        }
    }

    /// <summary>The box of pixels around a circle, within the picture.</summary>
    public (int Left, int Top, int Right, int Bottom) Around(float x, float y, float radius) => (
        Math.Clamp((int)(x - radius) - 1, 0, width),
        Math.Clamp((int)(y - radius) - 1, 0, height),
        Math.Clamp((int)(x + radius) + 2, 0, width),
        Math.Clamp((int)(y + radius) + 2, 0, height));
}
