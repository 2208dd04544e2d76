using Inspection.Learning.Datasets;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// What evaluation.md (rules 1 and 3) says must stand beside figures on three public data sets, told by their name and classes: the
/// default coarse recipe was chosen on their test images, and the classes and masks of the screws are inferred.
/// </summary>
internal sealed record KnownData(bool ChosenOnTheseImages, IReadOnlyList<string> Footnotes)
{
    private static readonly (string Name, string Class, string Footnote)[] Sets =
    [
        ("magnetic_tile", "blowhole", ""),
        ("screw", "manipulated_front", "classes and masks of this data set are inferred from merged folders, not the source's word; good or defective is the source's"),
        ("solar_mono", "defective", ""),
    ];

    public static KnownData Of(ImageDataset data)
    {
        foreach (var (name, defect, footnote) in Sets)
        {
            if (data.Name == name && data.DefectClasses.Contains(defect))
            {
                var chosen = "the default coarse recipe was chosen on the test images of this data set: every figure that rests on it is optimistic";
                return new KnownData(true, footnote.Length > 0 ? [chosen, footnote] : [chosen]);
            }
        }

        return new KnownData(false, []);
    }
}
