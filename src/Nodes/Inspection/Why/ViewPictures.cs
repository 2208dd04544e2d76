using Inspection.Protocol;
using Inspection.Replaying;
using Inspection.Vision.Archive;
using Inspection.Vision.Imaging;

namespace Inspection.Why;

/// <summary>What there is to see of a view.</summary>
/// <param name="Frame">PNG of the frame, made smaller where it is large; null: there is none to show.</param>
/// <param name="Without">Why there is none.</param>
/// <param name="Heat">PNG, one pixel a cell of the anomaly map; null where no model could be run here.</param>
/// <param name="HeatMatrix">SVG matrix from cells to pixels of the frame.</param>
/// <param name="WithoutHeat">Why there is no heat map.</param>
internal sealed record ViewPictures(int Width, int Height, byte[]? Frame, string Without, byte[]? Heat, string HeatMatrix, string WithoutHeat)
{
    private const int MostSide = 1600;

    public static ViewPictures None(string why) => new(0, 0, null, why, null, "", why);

    public static ViewPictures Of(ArchivedFrame frame, ViewAgain? again, string withoutHeat) => new(
        frame.Width,
        frame.Height,
        Smaller(frame),
        "",
        again is null ? null : Heated(again),
        again is null ? "" : Matrix(again),
        withoutHeat);

    private static byte[] Smaller(ArchivedFrame frame)
    {
        var by = ((Math.Max(frame.Width, frame.Height) - 1) / MostSide) + 1;
        if (by == 1)
        {
            return frame.Png();
        }

        var (width, height, channels) = (frame.Width / by, frame.Height / by, frame.Channels);
        var pixels = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < channels; c++)
                {
                    var sum = 0;
                    for (var i = 0; i < by * by; i++)
                    {
                        sum += frame.Pixels[(((((y * by) + (i / by)) * frame.Width) + (x * by) + (i % by)) * channels) + c];
                    }

                    pixels[(((y * width) + x) * channels) + c] = (byte)(sum / (by * by));
                }
            }
        }

        return ImageEncoder.Png(pixels, width, height, channels);
    }

    /// <summary>Black over red and yellow to white, from the map's least to its largest value.</summary>
    private static byte[] Heated(ViewAgain again)
    {
        var (least, most) = (again.Map.Where(float.IsFinite).DefaultIfEmpty().Min(), again.Map.Where(float.IsFinite).DefaultIfEmpty().Max());
        var pixels = new byte[again.Map.Length * 3];
        for (var i = 0; i < again.Map.Length; i++)
        {
            var heat = float.IsFinite(again.Map[i]) && most > least ? (again.Map[i] - least) / (most - least) : 0;
            for (var c = 0; c < 3; c++)
            {
                pixels[(3 * i) + c] = (byte)(255 * Math.Clamp((3 * heat) - c, 0, 1));
            }
        }

        return ImageEncoder.Png(pixels, again.MapWidth, again.MapHeight, 3);
    }

    private static string Matrix(ViewAgain again)
    {
        var map = again.Geometry.TensorToFrame;
        var (sx, sy) = ((double)again.Geometry.TensorWidth / again.MapWidth, (double)again.Geometry.TensorHeight / again.MapHeight);
        return FormattableString.Invariant($"matrix({map.Xx * sx:R} {map.Yx * sx:R} {map.Xy * sy:R} {map.Yy * sy:R} {map.X0:R} {map.Y0:R})");
    }
}
