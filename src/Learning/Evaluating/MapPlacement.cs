namespace Inspection.Learning.Evaluating;

/// <summary>
/// Where a frame's pixels lie in the anomaly map: the centre of frame pixel (x, y) is at u = Ux x + Uy y + U0, v = Vx x + Vy y + V0, in
/// fractions (0..1) of the prepared image. Pixels outside 0..1 were not looked at.
/// </summary>
public sealed record MapPlacement(int FrameWidth, int FrameHeight, double Ux, double Uy, double U0, double Vx, double Vy, double V0)
{
    public static readonly MapPlacement None = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The prepared image is the part [x, y, width, height] of the frame (in fractions of it), stretched.</summary>
    public static MapPlacement Stretched(int frameWidth, int frameHeight, double x = 0, double y = 0, double width = 1, double height = 1)
    {
        var (ux, vy) = (1 / (width * frameWidth), 1 / (height * frameHeight));
        return new MapPlacement(frameWidth, frameHeight, ux, 0, (0.5 * ux) - (x / width), 0, vy, (0.5 * vy) - (y / height));
    }
}
