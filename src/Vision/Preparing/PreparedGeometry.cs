using Inspection.Protocol;

namespace Inspection.Vision.Preparing;

/// <summary>How the alignment step of a preparation went.</summary>
public enum AlignmentOutcome
{
    /// <summary>The recipe asks for none.</summary>
    NotAsked = 0,

    Aligned = 1,

    /// <summary>No part stands out from the background: prepared as it lies.</summary>
    NoBlob = 2,

    /// <summary>The part is as wide as it is long, so it has no main axis: prepared as it lies.</summary>
    NoAxis = 3,
}

/// <summary>
/// Where each place of a prepared tensor came from. Ties what a model says of the tensor (a cell of its anomaly map) to pixels of the
/// frame, whatever was done in between: crop, resize or turn.
/// </summary>
/// <param name="TensorToFrame">Edge coordinates of the tensor to edge coordinates of the frame.</param>
public readonly record struct PreparedGeometry(
    int FrameWidth,
    int FrameHeight,
    int TensorWidth,
    int TensorHeight,
    AffineMap TensorToFrame,
    AlignmentOutcome Outcome)
{
    /// <summary>The geometry of a plain crop and resize.</summary>
    public static PreparedGeometry OfBox(int frameWidth, int frameHeight, PixelBox box, int tensorWidth, int tensorHeight, AlignmentOutcome outcome = AlignmentOutcome.NotAsked) =>
        new(frameWidth, frameHeight, tensorWidth, tensorHeight, new AffineMap((double)box.Width / tensorWidth, 0, box.X, 0, (double)box.Height / tensorHeight, box.Y), outcome);

    public (double X, double Y) ToFrame(double tensorX, double tensorY) => TensorToFrame.Apply(tensorX, tensorY);

    public (double X, double Y) ToTensor(double frameX, double frameY) => TensorToFrame.Invert().Apply(frameX, frameY);

    /// <summary>
    /// The upright frame box around a rectangle of cells of a map of mapWidth x mapHeight cells over the tensor, within the frame, at
    /// least one pixel.
    /// </summary>
    /// <param name="cells">In map cells.</param>
    public PixelBox CellsToFrame(PixelBox cells, int mapWidth, int mapHeight)
    {
        var (sx, sy) = ((double)TensorWidth / mapWidth, (double)TensorHeight / mapHeight);
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var corner = 0; corner < 4; corner++)
        {
            var (x, y) = ToFrame((cells.X + ((corner & 1) * cells.Width)) * sx, (cells.Y + ((corner >> 1) * cells.Height)) * sy);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }

        // a corner on a pixel edge, but for rounding, does not take in the next pixel
        const double Grain = 1e-6;
        var x0 = Math.Clamp((int)Math.Floor(left + Grain), 0, FrameWidth - 1);
        var y0 = Math.Clamp((int)Math.Floor(top + Grain), 0, FrameHeight - 1);
        var x1 = Math.Clamp((int)Math.Ceiling(right - Grain), x0 + 1, FrameWidth);
        var y1 = Math.Clamp((int)Math.Ceiling(bottom - Grain), y0 + 1, FrameHeight);
        return new PixelBox(x0, y0, x1 - x0, y1 - y0);
    }
}
