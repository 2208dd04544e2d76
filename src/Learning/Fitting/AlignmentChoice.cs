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

    /// <summary>
    /// Circular spread of the axis angle (0 all alike, 1 all over), of its double and of its fourfold, from which on pictures count as lying at
    /// any angle. The fourfold tells parts at any angle from parts that lie either along or across, as crops of two formats do.
    /// </summary>
    private const double SpreadAtLeast = 0.5;

    private const int Looked = 60;

    /// <summary>
    /// Looks at up to 60 good pictures: axis where the main axis is found on nearly all and points in all directions. The spread is the smaller
    /// circular variance, 1 - |mean exp(k i angle)|, of k = 2 (an axis has no direction) and k = 4.
    /// </summary>
    public static AlignmentChoice From(ImageDataset data)
    {
        var items = data.RequireTrainGood();
        var spec = new PreparationSpec { Width = 64, Height = 64, Channels = 1, Alignment = Alignment.Axis };
        var preparer = new Preparer(spec);
        using var decoder = new ImageDecoder();
        var tensor = new byte[spec.TensorLength];
        var (read, found) = (0, 0);
        var (twice, fourfold) = (System.Numerics.Complex.Zero, System.Numerics.Complex.Zero);
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
                twice += System.Numerics.Complex.FromPolarCoordinates(1, angle);
                fourfold += System.Numerics.Complex.FromPolarCoordinates(1, 2 * angle);
            }
        }

        var spread = found == 0 ? 0 : 1 - (Math.Max(twice.Magnitude, fourfold.Magnitude) / found);
        var facts = string.Create(CultureInfo.InvariantCulture, $"main axis found on {found} of {read} good pictures, spread of its angle {spread:0.00}");
        return found >= FoundAtLeast * read && found > 0 && spread >= SpreadAtLeast
            ? new AlignmentChoice(Alignment.Axis, $"{facts}: turned straight before the model")
            : new AlignmentChoice(Alignment.None, $"{facts}: used as they lie");
    }
}
