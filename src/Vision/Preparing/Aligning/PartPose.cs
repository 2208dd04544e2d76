namespace Inspection.Vision.Preparing.Aligning;

/// <summary>
/// Where a part lies and which way it points, in edge coordinates of the frame. Centre is the middle of its rotated bounding box;
/// (AxisX, AxisY) is a unit vector along its length, towards the end that alignment puts right (or, in a tall tensor, down).
/// </summary>
/// <param name="Length">Of the bounding box along the axis, in frame pixels.</param>
/// <param name="Breadth">Across the axis.</param>
/// <param name="Certainty">How clearly the two ends differ: absolute skew; near 0 the direction may flip from one picture to the next.</param>
public readonly record struct PartPose(double CentreX, double CentreY, double AxisX, double AxisY, double Length, double Breadth, double Certainty);
