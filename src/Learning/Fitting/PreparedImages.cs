using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>One good image as the model will see it.</summary>
internal sealed record PreparedImage(DatasetItem Item, byte[] Tensor, PreparedGeometry Geometry)
{
    public int Width => Geometry.TensorWidth;

    public int Height => Geometry.TensorHeight;

    /// <summary>The tensor mirrored: <paramref name="across"/> left to right, <paramref name="along"/> top to bottom.</summary>
    public byte[] Flip(int channels, bool across, bool along) => Mirror.Of(Tensor, Width, Height, channels, across, along);
}

/// <summary>Reads and prepares the training images, and chooses the one input shape they share.</summary>
internal static class PreparedImages
{
    /// <summary>Aspects closer together than this are one product's; beyond it each frame keeps its own.</summary>
    private const double SameAspect = 1.1;

    /// <summary>The images used: all, or a seeded draw of the most allowed.</summary>
    public static List<DatasetItem> Draw(IReadOnlyList<DatasetItem> items, int most, int seed)
    {
        if (items.Count <= most)
        {
            return [.. items];
        }

        var drawn = items.ToArray();
        var random = new SeededRandom((ulong)seed);
        random.Shuffle(drawn.AsSpan());
        return [.. drawn.Take(most).OrderBy(i => i.Path, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Channels and shape from the headers: near <paramref name="pixels"/> pixels, in the median aspect of the images; where their aspects
    /// differ and no alignment is asked, every frame keeps its own.
    /// </summary>
    public static PreparationSpec Choose(IReadOnlyList<DatasetItem> items, int pixels, Alignment alignment)
    {
        var headers = new List<ImageHeader>();
        foreach (var item in items)
        {
            if (ImageHeader.TryRead(ReadStart(item.AbsolutePath), out var header, out _))
            {
                headers.Add(header);
            }
        }

        if (headers.Count == 0)
        {
            throw new FitException($"none of the {items.Count} good images can be read, the first is {items[0].AbsolutePath}");
        }

        var aspects = headers.Select(h => (double)h.Width / h.Height).Order().ToArray();
        var differ = aspects[(int)(0.95 * (aspects.Length - 1))] / aspects[(int)(0.05 * (aspects.Length - 1))] > SameAspect;
        var frame = differ && alignment == Alignment.None;
        var aspect = alignment == Alignment.Axis ? PartAspect.Of(items) ?? aspects[aspects.Length / 2] : aspects[aspects.Length / 2];
        var (width, height) = frame ? Nominal(pixels) : TensorSize.For(aspect, pixels);
        return new PreparationSpec
        {
            Width = width,
            Height = height,
            Channels = headers.All(h => h.Channels == 1) ? 1 : 3,
            Alignment = alignment,
            Aspect = frame ? AspectRule.Frame : AspectRule.Fixed,
        };
    }

    /// <summary>Room for frames of any aspect: sides come in steps, so the largest are a step above the wanted pixels and the mean is near them.</summary>
    private static (int Width, int Height) Nominal(int pixels)
    {
        var (width, height) = TensorSize.For(1, pixels);
        return (width, height + TensorSize.Step);
    }

    /// <summary>Decodes and prepares, on all cores; images that cannot be read are reported and left out.</summary>
    public static List<PreparedImage> Read(IReadOnlyList<DatasetItem> items, PreparationSpec spec, List<string> unreadable, Action<int> done)
    {
        var prepared = new PreparedImage?[items.Count];
        var problems = new string[items.Count];
        var count = 0;
        _ = Parallel.For(
            0,
            items.Count,
            () => (Decoder: new ImageDecoder(), Preparer: new Preparer(spec)),
            (i, _, tools) =>
            {
                if (tools.Decoder.ReadFile(items[i].AbsolutePath, out problems[i]) is { } image)
                {
                    var tensor = new byte[spec.TensorLength];
                    var geometry = tools.Preparer.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor);
                    Array.Resize(ref tensor, geometry.TensorWidth * geometry.TensorHeight * spec.Channels);
                    prepared[i] = new PreparedImage(items[i], tensor, geometry);
                }

                done(Interlocked.Increment(ref count));
                return tools;
            },
            tools => tools.Decoder.Dispose());
        unreadable.AddRange(problems.Where(p => !string.IsNullOrEmpty(p)));
        return [.. prepared.OfType<PreparedImage>()];
    }

    /// <summary>Headers lie at the start, but a JPEG's size may follow a large thumbnail.</summary>
    private static byte[] ReadStart(string path) => File.ReadAllBytes(path);
}
