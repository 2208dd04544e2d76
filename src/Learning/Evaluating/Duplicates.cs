using Inspection.Learning.Datasets;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Evaluating;

/// <summary>Rule 2: where groups are unknown, the near-duplicate search over all pictures of the set.</summary>
internal static class Duplicates
{
    public static IReadOnlyList<NearDuplicate> Of(ImageDataset data)
    {
        if (data.Groups.Known)
        {
            return [];
        }

        using var decoder = new ImageDecoder();
        var spec = new PreparationSpec { Width = NearDuplicates.Side, Height = NearDuplicates.Side, Channels = 1 };
        var preparer = new Preparer(spec);
        var tensor = new byte[spec.TensorLength];
        return NearDuplicates.Find(data.Items, item =>
        {
            if (decoder.ReadFile(item.AbsolutePath, out _) is not { } image)
            {
                return null;
            }

            _ = preparer.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor);
            return [.. tensor.Select(b => (float)b)];
        });
    }
}
