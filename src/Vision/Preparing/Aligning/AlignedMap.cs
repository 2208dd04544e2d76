namespace Inspection.Vision.Preparing.Aligning;

/// <summary>
/// Tensor to frame for a part in a known pose: its axis along the tensor's longer side, its rotated bounding box with a margin in the
/// middle, as large as fits without changing its aspect. Turned, never mirrored.
/// </summary>
internal static class AlignedMap
{
    public static AffineMap Of(PartPose pose, int width, int height)
    {
        const double Room = 1 + (2 * AlignmentConstants.Margin);
        var lying = width >= height;
        var (longer, shorter) = lying ? (width, height) : (height, width);
        var scale = Math.Max(pose.Length * Room / longer, pose.Breadth * Room / shorter);
        var (ax, ay) = (pose.AxisX * scale, pose.AxisY * scale);
        var (xx, xy, yx, yy) = lying ? (ax, -ay, ay, ax) : (ay, ax, -ax, ay);
        return new AffineMap(
            xx,
            xy,
            pose.CentreX - (xx * width / 2) - (xy * height / 2),
            yx,
            yy,
            pose.CentreY - (yx * width / 2) - (yy * height / 2));
    }
}
