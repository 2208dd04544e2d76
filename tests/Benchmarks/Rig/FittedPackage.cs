using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Cameras.Synthetic;

namespace Inspection.Benchmarks.Rig;

/// <summary>A real coarse package with default options (256 x 256 input, default bank), fitted on a small synthetic set.</summary>
internal static class FittedPackage
{
    private const int GoodImages = 80;

    /// <param name="directory">Made.</param>
    /// <param name="dataDirectory">Where the pictures are written.</param>
    /// <param name="side">Of the square pictures.</param>
    public static CoarseFitResult Fit(string directory, string dataDirectory, int side)
    {
        SyntheticDataset.Write(dataDirectory, new SyntheticOptions { Width = side, Height = side }, GoodImages, testGood: 0, perDefect: 0);
        return CoarseFitter.Fit(ImageDataset.Open(dataDirectory), directory, new CoarseFitOptions());
    }
}
