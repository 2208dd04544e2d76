using OpenCvSharp;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>
/// Broken, hostile and odd files made of real pictures, the same for the same seed. Most are made of defective parts that the product rejects
/// when whole.
/// </summary>
internal sealed class Corpus(int seed, IReadOnlyList<Original> originals, string spare)
{
    /// <summary>One in so many is made of a good part.</summary>
    private const int GoodEvery = 6;

    private static readonly ImageEncodingParam Fine = new(ImwriteFlags.JpegQuality, 95), Progressive = new(ImwriteFlags.JpegProgressive, 1);

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Original[]> _bad = originals.Where(o => !o.IsGood).GroupBy(o => o.Extension).ToDictionary(g => g.Key, g => g.ToArray());
    private readonly Dictionary<string, Original[]> _good = originals.Where(o => o.IsGood).GroupBy(o => o.Extension).ToDictionary(g => g.Key, g => g.ToArray());

    public IEnumerable<Mutant> All() => [.. Pngs(), .. Jpegs(), .. Flat(".bmp", FlatFiles.BmpHeader, FlatFiles.BmpJoints), .. Flat(".tif", FlatFiles.TiffHeader, FlatFiles.TiffJoints), .. Bombs(), .. Any(), .. OddFiles.All(Bad(".png"), spare)];

    private IEnumerable<Mutant> Pngs() =>
    [
        .. Make(1300, ".png", "bits flipped", f => AnyFile.FlipBits(f, _random)),
        .. Make(500, ".png", "run overwritten", f => AnyFile.Overwrite(f, _random)),
        .. Make(250, ".png", "run lost or doubled", f => AnyFile.Shift(f, _random)),
        .. Make(500, ".png", "cut at random", f => AnyFile.Cut(f, _random.Next(f.Length))),
        .. Cuts(".png", PngFile.Joints, 120),
        .. Make(500, ".png", "absurd header", f => PngFile.Header(f, _random)),
        .. Make(500, ".png", "broken structure", f => PngFile.Structure(f, _random)),
    ];

    private IEnumerable<Mutant> Jpegs() =>
    [
        .. Make(1300, ".jpg", "bits flipped", f => AnyFile.FlipBits(f, _random)),
        .. Make(600, ".jpg", "run overwritten", f => AnyFile.Overwrite(f, _random)),
        .. Make(300, ".jpg", "run lost or doubled", f => AnyFile.Shift(f, _random)),
        .. Make(500, ".jpg", "cut at random", f => AnyFile.Cut(f, _random.Next(f.Length))),
        .. Cuts(".jpg", JpegFile.Joints, 150),
        .. Make(700, ".jpg", "absurd header", f => JpegFile.Header(f, _random)),
        .. Make(600, ".jpg", "broken structure", f => JpegFile.Structure(f, _random)),
    ];

    private IEnumerable<Mutant> Flat(string extension, Func<byte[], Random, byte[]> header, Func<byte[], IEnumerable<int>> joints) =>
    [
        .. Make(300, extension, "bits flipped", f => AnyFile.FlipBits(f, _random)),
        .. Make(150, extension, "run overwritten", f => AnyFile.Overwrite(f, _random)),
        .. Make(150, extension, "run lost or doubled", f => AnyFile.Shift(f, _random)),
        .. Make(200, extension, "cut at random", f => AnyFile.Cut(f, _random.Next(f.Length))),
        .. Cuts(extension, joints, 40),
        .. Make(400, extension, "absurd header", f => header(f, _random)),
    ];

    private IEnumerable<Mutant> Any()
    {
        foreach (var extension in (string[])[".png", ".jpg", ".bmp", ".tif"])
        {
            foreach (var mutant in (Mutant[])
            [
                .. Make(60, extension, "polyglot, picture behind", f => Polyglots.Before(f, _random)),
                .. Make(60, extension, "polyglot, picture first", f => Polyglots.Behind(f, _random)),
                .. Make(30, extension, "signature only", f => Polyglots.SignatureOnly(f, _random)),
                .. Make(20, extension, "only zeros", f => new byte[_random.Next(1, f.Length)]),
                .. Make(20, extension, "only noise", f => Noise(f.Length)),
                .. Make(4, extension, "empty", _ => []),
                .. Make(20, extension, "wrong extension", f => f).Select(m => m with { Extension = _random.Of([".png", ".jpg", ".bmp", ".tiff", ".JPEG", ".PnG"]) }),
            ])
            {
                yield return mutant;
            }
        }

        foreach (var (width, height) in ((int, int)[])[(1, 1), (1, 2), (2, 1), (3, 3), (1, 300), (300, 1), (2, 2000), (2000, 2), (1, 32_768), (32_768, 1), (7, 20_000), (15, 15), (16, 16), (1_400, 1_400), (31, 1_000)])
        {
            var of = Bad(".png");
            yield return new Mutant("odd shape", ".png", OtherDecoder.Resized(of.Bytes, width, height), of);
        }
    }

    /// <summary>Small files that say they are large, or are, within the camera's limit and beyond.</summary>
    private static IEnumerable<Mutant> Bombs()
    {
        foreach (var (width, height) in ((int, int)[])[(1_400, 1_400), (1_400, 1_430), (8_000, 8_000), (16_384, 16_384), (32_768, 61), (32_769, 1), (1, 32_769)])
        {
            yield return new Mutant("bomb", ".png", PngFile.Flat(width, height, 0), null);
        }

        yield return new Mutant("bomb", ".png", PngFile.Flat(1_400, 1_400, 2), null);
        foreach (var type in (string[])["zTXt", "iCCP", "iTXt"])
        {
            var packed = PngFile.Zeros(200L << 20);
            yield return new Mutant("bomb", ".png", PngFile.Join(PngFile.Chunks(PngFile.Flat(300, 300, 0)).SelectMany(((string, byte[]) c) => c.Item1 == "IDAT" ? [(type, (byte[])[(byte)'n', 0, 0, .. packed]), c] : ((string, byte[])[])[c])), null);
        }

        foreach (var (side, scans) in ((int, int)[])[(1_400, 100), (1_400, 30_000), (300, 20_000)])
        {
            yield return new Mutant("bomb", ".jpg", JpegFile.ManyScans(side, scans), null);
        }
    }

    private IEnumerable<Mutant> Make(int count, string extension, string how, Func<byte[], byte[]> change)
    {
        for (var i = 0; i < count; i++)
        {
            var of = i % GoodEvery == 0 ? _random.Of(_good[extension]) : Bad(extension);
            yield return new Mutant(how, extension, change(of.Bytes), of);
        }
    }

    /// <summary>Some pictures, cut at each of their joints.</summary>
    private IEnumerable<Mutant> Cuts(string extension, Func<byte[], IEnumerable<int>> joints, int most)
    {
        for (var made = 0; made < most;)
        {
            var of = Bad(extension);
            foreach (var place in joints(of.Bytes).Distinct().Take(most - made))
            {
                made++;
                yield return new Mutant("cut at a joint", extension, AnyFile.Cut(of.Bytes, place), of);
            }
        }
    }

    private Original Bad(string extension) => _random.Of(_bad[extension]);

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    /// <summary>The originals as they are, and encoded again where the real sets lack a format.</summary>
    public static IEnumerable<Original> WithOtherFormats(IEnumerable<Original> real)
    {
        foreach (var original in real)
        {
            yield return original;
            if (original.Extension == ".png")
            {
                yield return original with { Extension = ".bmp", Bytes = OtherDecoder.Again(original.Bytes, ".bmp") };
                yield return original with { Extension = ".bmp", Name = original.Name + "-colour", Bytes = OtherDecoder.Again(original.Bytes, ".bmp", colour: true) };
                yield return original with { Extension = ".tif", Bytes = OtherDecoder.Again(original.Bytes, ".tif", false, new ImageEncodingParam(ImwriteFlags.TiffCompression, 5)) };
                yield return original with { Extension = ".tif", Name = original.Name + "-plain", Bytes = OtherDecoder.Again(original.Bytes, ".tif", false, new ImageEncodingParam(ImwriteFlags.TiffCompression, 1)) };
                yield return original with { Name = original.Name + "-colour", Bytes = OtherDecoder.Again(original.Bytes, ".png", colour: true) };
                yield return original with { Extension = ".jpg", Bytes = OtherDecoder.Again(original.Bytes, ".jpg", false, Fine) };
                yield return original with { Extension = ".jpg", Name = original.Name + "-colour", Bytes = OtherDecoder.Again(original.Bytes, ".jpg", true, Fine) };
                yield return original with { Extension = ".jpg", Name = original.Name + "-progressive", Bytes = OtherDecoder.Again(original.Bytes, ".jpg", false, Progressive, Fine) };
            }
            else
            {
                yield return original with { Name = original.Name + "-progressive", Bytes = OtherDecoder.Again(original.Bytes, ".jpg", false, Progressive, Fine) };
            }
        }
    }
}
