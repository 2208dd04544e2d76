using System.Globalization;
using Inspection.Learning.Datasets;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>`--align auto`: from good pictures alone, whether a product lies at any angle and can be turned straight.</summary>
/// <param name="Alignment">What was chosen.</param>
/// <param name="Why">For people.</param>
public sealed record AlignmentChoice(Alignment Alignment, string Why)
{
    /// <summary>Parts whose axis is found on fewer pictures than this share are not aligned: the rest would look like defects.</summary>
    private const double FoundAtLeast = 0.95;

    /// <summary>Circular spread of the doubled axis angle (0 all alike, 1 all over) from which on pictures count as lying at any angle.</summary>
    private const double SpreadAtLeast = 0.2;

    private const int Looked = 60;

    /// <summary>
    /// Looks at up to 60 good pictures: axis where the main axis is found on nearly all and points in many directions. The spread is the
    /// circular variance of twice the angle (an axis has no direction): 1 - |mean exp(2 i angle)|.
    /// </summary>
    public static AlignmentChoice From(ImageDataset data)
    {
        var items = data.RequireTrainGood();
        var spec = new PreparationSpec { Width = 64, Height = 64, Channels = 1, Alignment = Alignment.Axis };
        var preparer = new Preparer(spec);
        using var decoder = new ImageDecoder();
        var tensor = new byte[spec.TensorLength];
        var (read, found, cos, sin) = (0, 0, 0.0, 0.0);
        for (var i = 0; i < Math.Min(items.Count, Looked); i++)
        {
            if (decoder.ReadFile(items[(int)((long)i * items.Count / Math.Min(items.Count, Looked))].AbsolutePath, out _) is not { } image)
            {
                continue;
            }

            read++;
            var geometry = preparer.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor);
            if (geometry.Outcome == AlignmentOutcome.Aligned)
            {
                found++;
                var angle = 2 * Math.Atan2(geometry.TensorToFrame.Yx, geometry.TensorToFrame.Xx);
                (cos, sin) = (cos + Math.Cos(angle), sin + Math.Sin(angle));
            }
        }

        var spread = found == 0 ? 0 : 1 - (Math.Sqrt((cos * cos) + (sin * sin)) / found);
        var facts = string.Create(CultureInfo.InvariantCulture, $"main axis found on {found} of {read} good pictures, spread of its angle {spread:0.00}");
        return found >= FoundAtLeast * read && found > 0 && spread >= SpreadAtLeast
            ? new AlignmentChoice(Alignment.Axis, $"{facts}: turned straight before the model")
            : new AlignmentChoice(Alignment.None, $"{facts}: used as they lie");
    }
}
