namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>
/// A design drawn once, upright and evenly lit, at the picture's scale with a margin around it, and the textures that every picture of it
/// takes pieces of. Immutable after construction: any thread.
/// </summary>
internal sealed class PartMaster
{
    public const int TextureSide = 512;
    private const int Supersample = 3;

    /// <summary>Of the picture's longer side: what a shifted and turned picture may look at.</summary>
    private const float Reach = 1.3f;

    public PartMaster(PartDesign design, int width, int height)
    {
        Side = (int)(Math.Max(width, height) * Reach);
        (Brightness, Brush, Surface) = (new byte[Side * Side], new byte[Side * Side], new bool[Side * Side]);
        var unit = Math.Min(width, height) / 2f;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                Draw(design, x, y, unit);
            }
        }

        Rim = FindRim();
        Streaks = MakeStreaks();
        Grain = MakeGrain();
    }

    public int Side { get; }

    /// <summary>[Side, Side].</summary>
    public byte[] Brightness { get; }

    /// <summary>How much of the streaks shows, [Side, Side].</summary>
    public byte[] Brush { get; }

    /// <summary>Whether a defect may lie there, [Side, Side].</summary>
    public bool[] Surface { get; }

    /// <summary>Indices of surface pixels on the part's outer edge.</summary>
    public int[] Rim { get; }

    /// <summary>Brushing: long along x, short along y, about -64 to 64; [TextureSide, TextureSide].</summary>
    public sbyte[] Streaks { get; }

    /// <summary>Sensor noise of standard deviation 16; [TextureSide, TextureSide].</summary>
    public sbyte[] Grain { get; }

    public bool IsSurface(int x, int y) => (uint)x < (uint)Side && (uint)y < (uint)Side && Surface[(y * Side) + x];

    private void Draw(PartDesign design, int x, int y, float unit)
    {
        var (brightness, brush, surface) = (0f, 0f, 0);
        for (var s = 0; s < Supersample * Supersample; s++)
        {
            var (fx, fy) = (x + (((s % Supersample) + 0.5f) / Supersample), y + (((s / Supersample) + 0.5f) / Supersample));
            var shade = DesignShading.At(design, (fx - (Side / 2f)) / unit, (fy - (Side / 2f)) / unit);
            (brightness, brush, surface) = (brightness + shade.Brightness, brush + shade.Brush, surface + (shade.Surface ? 1 : 0));
        }

        const int Samples = Supersample * Supersample;
        var at = (y * Side) + x;
        Brightness[at] = (byte)Math.Clamp(brightness / Samples, 0, 255);
        Brush[at] = (byte)(brush / Samples);
        Surface[at] = surface * 2 > Samples;
    }

    /// <summary>Surface pixels next to the outside: what is reached from the corner over places that are no surface.</summary>
    private int[] FindRim()
    {
        var outside = new bool[Side * Side];
        var open = new Stack<int>([0]);
        var rim = new List<int>();
        while (open.TryPop(out var at))
        {
            if (outside[at])
            {
                continue;
            }

            outside[at] = true;
            foreach (var (dx, dy) in new[] { (1, 0), (-1, 0), (0, 1), (0, -1) })
            {
                var (x, y) = ((at % Side) + dx, (at / Side) + dy);
                if ((uint)x >= (uint)Side || (uint)y >= (uint)Side)
                {
                    continue;
                }

                var next = (y * Side) + x;
                if (Surface[next])
                {
                    rim.Add(next);
                }
                else if (!outside[next])
                {
                    open.Push(next);
                }
            }
        }

        return [.. rim.Distinct().Order()];
    }

    private static sbyte[] MakeStreaks()
    {
        var random = new SeededStream(0x5EED, 1);
        var texture = new sbyte[TextureSide * TextureSide];
        for (var y = 0; y < TextureSide; y++)
        {
            var row = random.Bell() * 13;
            var walk = 0f;
            for (var x = 0; x < TextureSide; x++)
            {
                walk = (walk * 0.96f) + (random.Bell() * 5.5f);
                texture[(y * TextureSide) + x] = (sbyte)Math.Clamp(row + walk, -110, 110);
            }
        }

        return texture;
    }

    private static sbyte[] MakeGrain()
    {
        var random = new SeededStream(0x5EED, 2);
        var texture = new sbyte[TextureSide * TextureSide];
        for (var i = 0; i < texture.Length; i++)
        {
            texture[i] = (sbyte)Math.Clamp(random.Bell() * 16, -127, 127);
        }

        return texture;
    }
}
