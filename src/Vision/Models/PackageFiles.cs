namespace Inspection.Vision.Models;

/// <summary>The names of a package's files (design section 6).</summary>
public static class PackageFiles
{
    public const string Model = "model.onnx";
    public const string Manifest = "package.json";
    public const string Signature = "signature";
    public const string Golden = "golden";
    public const string GoldenVectors = "golden/vectors.json";
}
