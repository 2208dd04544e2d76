using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Learning.Evaluating;

/// <summary>Which test pictures the packages have learned from, by content.</summary>
internal static class SeenSection
{
    public static Lineage Of(LineModels models, bool crossValidated, IReadOnlyList<EvaluatedImage> images)
    {
        var coarse = SeenImages.Read(models.Coarse.Directory);

        // in cross-validation no picture is judged by a verifier that has seen it
        var asked = crossValidated ? null : models.Verifier;
        var verifier = asked is null ? null : SeenImages.Read(asked.Directory);
        return new Lineage(
            coarse is not null,
            crossValidated ? true : models.Verifier is null ? null : verifier is not null,
            Paths(images, coarse),
            Paths(images, verifier));
    }

    private static string[] Paths(IReadOnlyList<EvaluatedImage> images, IReadOnlySet<Digest>? seen) =>
        seen is null ? [] : [.. images.Select(i => i.Item).Where(i => File.Exists(i.AbsolutePath) && seen.Contains(DatasetDigest.OfFile(i.AbsolutePath))).Select(i => i.Path)];
}
