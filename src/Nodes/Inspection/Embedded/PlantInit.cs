using Inspection.Commands;
using Inspection.Console;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Preparing;

namespace Inspection.Embedded;

/// <summary>What `inspection init` made.</summary>
/// <param name="Pictures">The folder the camera reads.</param>
internal sealed record InitResult(string PlantFile, string Coarse, string? Verifier, string Pictures, bool Labelled);

/// <summary>From a folder of pictures to a plant file that runs: models beside it, one line, one camera.</summary>
internal static class PlantInit
{
    public static InitResult Run(string data, string plantFile, string align, string? backbone, Output output, CancellationToken cancel)
    {
        var set = ImageDataset.Open(data);
        var file = Path.GetFullPath(plantFile);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(file)!).FullName;
        var name = NameOf(set.Name);
        var coarse = Path.Combine(folder, "models", $"{name}-coarse");
        var options = new CoarseFitOptions { Name = $"{name}-coarse", BackboneFile = backbone, Alignment = Alignments.Choose(align, set, output) };
        FitCommand.Print(output, FitProgressView.Run(output, "fit coarse", progress => CoarseFitter.Fit(set, coarse, options, progress: progress), cancel));
        var verifier = set.DefectClasses.Count == 0 ? null : Path.Combine(folder, "models", $"{name}-verifier");
        if (verifier is not null)
        {
            FitCommand.Print(output, FitProgressView.Run(output, "fit verifier", progress => VerifierFitter.Fit(set, null, coarse, verifier, new VerifierFitOptions { Name = $"{name}-verifier", BackboneFile = backbone }, progress: progress), cancel));
        }
        else
        {
            output.Line("no labelled defects: no verifier; the coarse model's own threshold decides");
        }

        var (pictures, labelled) = PicturesOf(set);
        Write(file, folder, name, set, coarse, verifier, pictures, labelled);
        return new InitResult(file, coarse, verifier, pictures, labelled);
    }

    /// <summary>DATA/test where there is one; else the pictures given, labelled where they lie in folders by label.</summary>
    private static (string Folder, bool Labelled) PicturesOf(ImageDataset set)
    {
        var test = Path.Combine(set.Root, "test");
        return set.Layout switch
        {
            DatasetLayout.Mvtec when set.Test.Count > 0 => (test, true),
            DatasetLayout.Mvtec => (Path.Combine(set.Root, "train"), true),
            DatasetLayout.Labelled => (set.Root, true),
            _ => (set.Root, false),
        };
    }

    private static void Write(string file, string folder, string name, ImageDataset set, string coarse, string? verifier, string pictures, bool labelled)
    {
        string Relative(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        string[] camera = labelled
            ? [$"folder: {PlantTemplate.Quoted(Relative(pictures))}", "labels: folder            # the first folder of a picture's path is its label: good, or a defect class"]
            : [$"folder: {PlantTemplate.Quoted(Relative(pictures))}", "# labels: folder          # where pictures lie in folders by label"];
        var intro = $"Made by `inspection init` from the pictures of {set.Name}.\nRun it:  inspection run --plant {Path.GetFileName(file)}"
            + (verifier is not null && labelled ? "\nThe verifier was fitted on labelled defects that this camera shows again: counts of escapes on them are optimistic." : "");
        File.WriteAllText(file, PlantTemplate.Write(name, intro, [new PlantTemplateLine(name, name, Relative(coarse), verifier is null ? null : Relative(verifier), "pulled", null, [("c1", camera)])]));
    }

    /// <summary>A folder's name as a plant's name: other characters become '-'.</summary>
    private static string NameOf(string folder)
    {
        var name = string.Concat(folder.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '_', '-');
        return name.Length == 0 ? "plant" : name[..Math.Min(name.Length, Protocol.Names.MaxLength - "-verifier".Length)];
    }
}
