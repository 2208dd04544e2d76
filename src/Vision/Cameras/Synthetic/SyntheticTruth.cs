using Inspection.Protocol;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>What is true of a synthetic part.</summary>
/// <param name="Label">"good" or the defect class: scratch, pit, stain, chip, crack.</param>
/// <param name="SeenBy">Indices of the cameras whose picture shows the defect; for the others the part looks good.</param>
public sealed record SyntheticTruth(string Label, EquatableList<int> SeenBy)
{
    public const string Good = "good";

    public bool IsGood => Label == Good;
}
