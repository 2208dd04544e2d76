using System.Text.Json;
using Inspection.Learning.Statistics;
using Xunit;

namespace Inspection.Evaluation.Tests.Statistics;

/// <summary>Figures that others computed (scikit-learn, scikit-image, SciPy): equal to 1e-9.</summary>
public sealed class ConformanceTests
{
    private const double Within = 1e-9;

    [Fact]
    public void Image_figures_equal_the_reference()
    {
        foreach (var @case in Read("image.json").EnumerateArray())
        {
            var bad = @case.GetProperty("label").EnumerateArray().Select(l => l.GetInt32() == 1).ToArray();
            var scores = Doubles(@case.GetProperty("score"));
            var curve = RocCurve.Of(scores, bad);
            Assert.Equal(@case.GetProperty("image_auroc").GetDouble(), curve.Auroc()!.Value, Within);
            if (!@case.TryGetProperty("average_precision", out var precision))
            {
                Assert.Equal("perfect", @case.GetProperty("name").GetString());
                continue;
            }

            Assert.Equal(precision.GetDouble(), curve.AveragePrecision()!.Value, Within);
            Assert.Equal(@case.GetProperty("overkill_at_0_escapes").GetDouble(), OracleRates.OverkillAtZeroEscapes(scores, bad)!.OverkillRate, Within);
            foreach (var (key, allowed) in new[] { ("escape_at_1pct_overkill", 0.01), ("escape_at_5pct_overkill", 0.05) })
            {
                var expected = @case.GetProperty(key);
                var oracle = OracleRates.EscapeAt(curve, allowed)!;
                var threshold = expected.GetProperty("threshold");
                Assert.Equal(threshold.ValueKind == JsonValueKind.Null ? null : threshold.GetDouble(), oracle.Threshold);
                Assert.Equal(expected.GetProperty("escape_rate").GetDouble(), oracle.EscapeRate, Within);
                Assert.Equal(expected.GetProperty("false_alarms").GetInt32(), oracle.FalseAlarms);
            }
        }
    }

    [Fact]
    public void Pixel_figures_equal_the_reference()
    {
        var expected = Read("pixel.json");
        var shape = expected.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32()).ToArray();
        var samples = expected.GetProperty("maps").EnumerateArray().Zip(expected.GetProperty("masks").EnumerateArray(), (map, mask) =>
            new ArraySample(
                shape[1],
                shape[0],
                [.. map.EnumerateArray().SelectMany(Doubles).Select(v => (float)v)],
                [.. mask.EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => (byte)v.GetInt32())])).ToArray();
        var figures = PixelMetrics.Of(samples)!;
        Assert.Equal(expected.GetProperty("regions").GetInt32(), figures.Regions);
        Assert.Equal(expected.GetProperty("pixel_auroc").GetDouble(), figures.PooledAuroc, Within);
        Assert.Equal(expected.GetProperty("pixel_auroc_image_mean").GetDouble(), figures.MeanAuroc, Within);
        Assert.Equal(expected.GetProperty("aupro_30").GetDouble(), figures.Aupro30, Within);
        Assert.Equal(expected.GetProperty("aupro_05").GetDouble(), figures.Aupro05, Within);
    }

    [Fact]
    public void Bounds_p_values_and_coverage_equal_the_reference()
    {
        var expected = Read("statistics.json");
        foreach (var c in expected.GetProperty("clopper_pearson_upper").EnumerateArray())
        {
            Assert.Equal(
                c.GetProperty("upper").GetDouble(),
                BinomialBounds.Upper(c.GetProperty("n").GetInt32(), c.GetProperty("misses").GetInt32(), c.GetProperty("confidence").GetDouble()),
                Within);
        }

        var calibration = Doubles(expected.GetProperty("conformal").GetProperty("calibration"));
        Array.Sort(calibration);
        foreach (var p in expected.GetProperty("conformal").GetProperty("p_values").EnumerateArray())
        {
            Assert.Equal(p.GetProperty("p").GetDouble(), Conformal.PValue(calibration, p.GetProperty("score").GetDouble()), Within);
        }

        foreach (var c in expected.GetProperty("coverage_beta").EnumerateArray())
        {
            var law = Conformal.Coverage(c.GetProperty("n").GetInt32(), c.GetProperty("alpha").GetDouble());
            Assert.Equal(c.GetProperty("k").GetInt32(), law.K);
            Assert.Equal(c.GetProperty("mean").GetDouble(), law.Mean, Within);
            Assert.Equal(c.GetProperty("q05").GetDouble(), law.Q05, Within);
            Assert.Equal(c.GetProperty("q95").GetDouble(), law.Q95, Within);
        }
    }

    private static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Folder("conformance/evaluation"), file))).RootElement;

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];
}
