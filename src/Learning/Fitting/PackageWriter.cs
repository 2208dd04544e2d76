using System.Text.Json;
using Inspection.Vision.Models;

namespace Inspection.Learning.Fitting;

internal static class PackageWriter
{
    /// <summary>Writes model.onnx and package.json; what an earlier package left there is removed first.</summary>
    /// <exception cref="FitException">The directory holds something that is no package.</exception>
    public static void Write(string directory, byte[] model, PackageManifest manifest)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any() && !File.Exists(Path.Combine(directory, PackageFiles.Manifest)))
        {
            throw new FitException($"{directory} holds files and is no model package: name an empty or a new directory with --out");
        }

        _ = Directory.CreateDirectory(directory);
        File.Delete(Path.Combine(directory, PackageFiles.Signature));
        var golden = Path.Combine(directory, PackageFiles.Golden);
        if (Directory.Exists(golden))
        {
            Directory.Delete(golden, recursive: true);
        }

        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Model), model);
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Manifest), JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));
    }
}
