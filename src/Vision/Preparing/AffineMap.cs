namespace Inspection.Vision.Preparing;

/// <summary>
/// (x, y) to (Xx * x + Xy * y + X0, Yx * x + Yy * y + Y0), in edge coordinates: pixel i covers [i, i + 1), its centre is i + 0.5.
/// </summary>
public readonly record struct AffineMap(double Xx, double Xy, double X0, double Yx, double Yy, double Y0)
{
    public (double X, double Y) Apply(double x, double y) => ((Xx * x) + (Xy * y) + X0, (Yx * x) + (Yy * y) + Y0);

    public AffineMap Invert()
    {
        var determinant = (Xx * Yy) - (Xy * Yx);
        if (determinant == 0)
        {
            throw new InvalidOperationException($"a map that flattens the plane has no inverse: {this}");
        }

        var (a, b, c, d) = (Yy / determinant, -Xy / determinant, -Yx / determinant, Xx / determinant);
        return new AffineMap(a, b, -((a * X0) + (b * Y0)), c, d, -((c * X0) + (d * Y0)));
    }
}
