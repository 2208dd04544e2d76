namespace Inspection.Learning.Fitting;

/// <summary>One way a good image enters the bank: as it lies, mirrored, or turned.</summary>
/// <param name="Across">Mirrored left to right.</param>
/// <param name="Along">Mirrored top to bottom.</param>
/// <param name="Degrees">Turned about the centre; what comes in from outside repeats the edge.</param>
internal readonly record struct TrainingView(bool Across, bool Along, int Degrees)
{
    private const int TurnStep = 30;

    /// <summary>The view as it lies comes first.</summary>
    public static TrainingView[] Of(bool flips, bool turns)
    {
        var views = new List<TrainingView> { new(false, false, 0) };
        if (flips)
        {
            views.AddRange([new(true, false, 0), new(false, true, 0), new(true, true, 0)]);
        }

        if (turns)
        {
            // Half turns are the double flip, where there are flips.
            views.AddRange(Enumerable.Range(1, (360 / TurnStep) - 1).Select(k => k * TurnStep).Where(d => !flips || d != 180).Select(d => new TrainingView(false, false, d)));
        }

        return [.. views];
    }

    public byte[] Apply(byte[] tensor, int width, int height, int channels) => Degrees != 0
        ? Turn(tensor, width, height, channels)
        : Across || Along ? Mirror.Of(tensor, width, height, channels, Across, Along) : tensor;

    private byte[] Turn(byte[] tensor, int width, int height, int channels)
    {
        var turned = new byte[tensor.Length];
        var (sin, cos) = Math.SinCos(Degrees * Math.PI / 180);
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (dx, dy) = (x - middleX, y - middleY);
                var fromX = Math.Clamp((cos * dx) + (sin * dy) + middleX, 0, width - 1.001);
                var fromY = Math.Clamp((cos * dy) - (sin * dx) + middleY, 0, height - 1.001);
                var (left, top) = ((int)fromX, (int)fromY);
                var (partX, partY) = (fromX - left, fromY - top);
                for (var c = 0; c < channels; c++)
                {
                    var at = (((top * width) + left) * channels) + c;
                    var (above, below) = ((1 - partX) * tensor[at], (1 - partX) * tensor[at + (width * channels)]);
                    above += partX * tensor[at + channels];
                    below += partX * tensor[at + (width * channels) + channels];
                    turned[(((y * width) + x) * channels) + c] = (byte)Math.Round(((1 - partY) * above) + (partY * below));
                }
            }
        }

        return turned;
    }
}
