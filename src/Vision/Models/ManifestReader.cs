using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Inspection.Vision.Models;

/// <summary>Reads package.json strictly: an unknown key is an error that names the nearest known one.</summary>
internal static class ManifestReader
{
    public static PackageManifest Read(string directory, byte[] json)
    {
        try
        {
            using (var document = JsonDocument.Parse(json))
            {
                RefuseUnknown(directory, document.RootElement, typeof(PackageManifest), "");
            }

            var manifest = JsonSerializer.Deserialize<PackageManifest>(json, PackageManifest.Json) ?? throw new JsonException("the document is null");
            Check(directory, manifest);
            return manifest;
        }
        catch (JsonException e)
        {
            throw new PackageException(directory, $"{PackageFiles.Manifest} cannot be read: {e.Message.TrimEnd('.')}", "Restore the file, or fit the model again", e);
        }
    }

    private static void Check(string directory, PackageManifest manifest)
    {
        if (manifest.Format != PackageManifest.CurrentFormat)
        {
            throw new PackageException(directory, $"{PackageFiles.Manifest} has format {manifest.Format}, this program reads format {PackageManifest.CurrentFormat}", "Use the program version that wrote it, or fit the model again");
        }

        var section = manifest.Stage == Protocol.ModelStage.Coarse ? "coarse" : "verifier";
        if ((manifest.Stage == Protocol.ModelStage.Coarse ? (object?)manifest.Coarse : manifest.Verifier) is null)
        {
            throw new PackageException(directory, $"{PackageFiles.Manifest} is of stage {section} and has no section \"{section}\"", "Restore the file, or fit the model again");
        }

        // an infinite threshold is one that nothing reaches; one that is no number compares with nothing
        if (manifest.Coarse is { } coarse && (float.IsNaN(coarse.Candidate) || float.IsNaN(coarse.Reject) || float.IsNaN(coarse.ClearLimit) || float.IsNaN(coarse.Ood) || !(coarse.Tolerance >= 0 && float.IsFinite(coarse.Tolerance))))
        {
            throw new PackageException(directory, $"{PackageFiles.Manifest}: coarse.candidate, reject, clear_limit and ood must be numbers, and tolerance a number from 0", "Restore the file, or fit the model again");
        }

        if (manifest.Verifier is { } verifier && (verifier.Classes.Count < 2 || verifier.Classes[0] != "good" || verifier.MaxRegions < 1))
        {
            throw new PackageException(directory, $"{PackageFiles.Manifest}: verifier.classes must begin with \"good\" and name at least one defect, and max_regions must be at least 1", "Restore the file, or fit the model again");
        }
    }

    private static void RefuseUnknown(string directory, JsonElement element, Type type, string path)
    {
        if (element.ValueKind == JsonValueKind.Array && type.IsGenericType)
        {
            foreach (var item in element.EnumerateArray())
            {
                RefuseUnknown(directory, item, type.GetGenericArguments()[0], path + "[]");
            }
        }

        var info = PackageManifest.Json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (element.ValueKind != JsonValueKind.Object || info.Kind != JsonTypeInfoKind.Object || typeof(IDictionary).IsAssignableFrom(type))
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            var known = info.Properties.FirstOrDefault(p => p.Name == member.Name);
            if (known is null)
            {
                var nearest = info.Properties.MinBy(p => EditDistance(p.Name, member.Name))!.Name;
                throw new PackageException(directory, $"{PackageFiles.Manifest} has the unknown key \"{path}{member.Name}\"; the nearest known key is \"{path}{nearest}\"", "Correct the key and sign the package again");
            }

            RefuseUnknown(directory, member.Value, known.PropertyType, path + member.Name + ".");
        }
    }

    /// <summary>Levenshtein.</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
