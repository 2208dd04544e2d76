namespace Inspection.Learning.Evaluating;

/// <summary>The yardstick of <c>ms_per_image</c>: one run of the bare backbone on one core, measured between the images of the same evaluation.</summary>
public interface IBackboneTimer : IDisposable
{
    /// <summary>For the report, for instance "ResNet18 to layer3, 256 x 256 x 1".</summary>
    string Description { get; }

    /// <summary>Runs once at 256 x 256; milliseconds.</summary>
    double RunAt256();

    /// <summary>Runs once at the package's own input shape; milliseconds. What the session takes more is the head's cost.</summary>
    double RunAtInput();
}
