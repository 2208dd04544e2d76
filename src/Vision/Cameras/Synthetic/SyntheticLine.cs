using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>
/// Draws parts that never existed: the same options, part and camera give the same picture on every machine (integer and exactly rounded
/// float arithmetic only). Good parts differ in pose, light and texture; a share of the parts has one defect, seen by at least one camera.
/// Any thread.
/// </summary>
public sealed class SyntheticLine
{
    /// <summary>Part numbers have eight digits.</summary>
    public const long MaxIndex = 99_999_999;

    private const string Prefix = "part-";
    private readonly PartMaster[] _masters;

    public SyntheticLine(SyntheticOptions options)
    {
        Options = options.Validate();
        var byDesign = options.Designs.Distinct().ToDictionary(d => d, d => new PartMaster(d, options.Width, options.Height));
        _masters = [.. Enumerable.Range(0, options.Cameras).Select(i => byDesign[options.Designs[i % options.Designs.Count]])];
    }

    public SyntheticOptions Options { get; }

    /// <summary>Bytes of one picture.</summary>
    public int FrameLength => Options.Width * Options.Height * Options.Channels;

    /// <summary>"part-00000123" for 123.</summary>
    public static string IdOf(long index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index:D8}");

    /// <summary>The part's number (from 1); false where the id is none of this line's.</summary>
    public static bool TryIndex(string externalId, out long index)
    {
        index = 0;
        return externalId.Length == Prefix.Length + 8
            && externalId.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(externalId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && index > 0;
    }

    /// <exception cref="ArgumentException">The id is none of this line's.</exception>
    public SyntheticTruth TruthOf(string externalId)
    {
        var plan = PlanOf(Require(externalId));
        return plan.Kind is { } kind
            ? new SyntheticTruth(kind.ToString().ToLowerInvariant(), Enumerable.Range(0, Options.Cameras).Where(c => (plan.Cameras >> c & 1) != 0).ToEquatableList())
            : new SyntheticTruth(SyntheticTruth.Good, []);
    }

    /// <summary>[Height, Width] uint8: 255 where this camera's picture shows the defect, all 0 where it shows none.</summary>
    /// <exception cref="ArgumentException">The id is none of this line's.</exception>
    public byte[] MaskOf(string externalId, int camera)
    {
        var mask = new byte[Options.Width * Options.Height];
        Draw(Require(externalId), camera, new byte[FrameLength], mask);
        return mask;
    }

    /// <summary>Draws what the camera sees of part <paramref name="index"/>.</summary>
    /// <param name="pixels">FrameLength bytes: [Height, Width, Channels] uint8.</param>
    /// <param name="mask">Empty, or [Height, Width], cleared before: 255 where the defect is.</param>
    public void Draw(long index, int camera, Span<byte> pixels, Span<byte> mask)
    {
        var plan = PlanOf(index);
        var shows = (plan.Cameras >> camera & 1) != 0;
        Draw(index, camera, shows ? plan.Kind : null, plan.Contrast, pixels, mask);
    }

    /// <summary>The same with a defect of the caller's choice (or none), for data sets.</summary>
    internal void Draw(long index, int camera, DefectKind? kind, float contrast, Span<byte> pixels, Span<byte> mask)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)camera, (uint)Options.Cameras, nameof(camera));
        var (width, height) = (Options.Width, Options.Height);
        var target = pixels[..FrameLength];

        // colour is made at the end out of the last third, which the tint reads before it overwrites it
        var grey = target[^(width * height)..];
        var random = new SeededStream(Options.Seed, index, camera, 2);
        var pose = Pose.Draw(ref random, Math.Min(width, height));
        var master = _masters[camera];
        PartPainter.Paint(master, pose, width, height, grey);
        if (kind is { } defect)
        {
            var place = new SeededStream(Options.Seed, index, camera, 3);
            DefectPainter.Paint(defect, contrast, new DefectCanvas(master, pose, width, height, grey, mask), ref place);
        }

        if (Options.Channels == 3)
        {
            PartPainter.Tint(grey, target);
        }
    }

    /// <summary>What is wrong with part <paramref name="index"/>: a function of seed and index alone.</summary>
    internal PartPlan PlanOf(long index)
    {
        var random = new SeededStream(Options.Seed, index, 1);
        if (!random.Chance(Options.DefectRate))
        {
            return default;
        }

        var kind = (DefectKind)(1 + random.Below(5));
        var cameras = 1UL << random.Below(Options.Cameras);
        for (var camera = 0; camera < Options.Cameras; camera++)
        {
            cameras |= random.Chance(0.25) ? 1UL << camera : 0;
        }

        return new PartPlan(kind, DrawContrast(ref random), cameras);
    }

    internal float DrawContrast(ref SeededStream random) => random.Chance(Options.SubtleShare) ? random.Between(0.25f, 0.5f) : random.Between(0.8f, 1.1f);

    private static long Require(string externalId) => TryIndex(externalId, out var index)
        ? index
        : throw new ArgumentException($"'{externalId}' is no part of a synthetic line; its parts are {IdOf(1)}, {IdOf(2)}, ...", nameof(externalId));

    /// <param name="Cameras">Bit i: camera i sees it.</param>
    internal readonly record struct PartPlan(DefectKind? Kind, float Contrast, ulong Cameras);
}
