using System.Globalization;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.Audit.Bundles;

/// <summary>One line of a bundle: its records From..To lie in lines/LINE.records.</summary>
/// <param name="Head">Hash of the last record, hexadecimal.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, hexadecimal.</param>
public sealed record BundleLine(string Line, long From, long To, string Head, long Bytes, string Sha256);

/// <summary>The plant's log: its records lie in log.records, as those of a line.</summary>
/// <param name="Head">Hash of the last record, hexadecimal.</param>
public sealed record BundleLog(long Records, string Head, long Bytes, string Sha256);

/// <summary>One model package that the lines activated: packages/MODEL/package.json, as the journal holds it.</summary>
/// <param name="Number">From 1: a model that was activated again with another package.json has several, in folders MODEL, MODEL.2, ...</param>
/// <param name="Sha256">Of package.json, hexadecimal.</param>
public sealed record BundlePackage(string ModelDigest, int Number, string Name, string Sha256);

/// <summary>The archived frames that its records name (rule J10): frames/ab/abcdef....png, and frames.index names each with its file's SHA-256.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sha256">Of frames.index, hexadecimal.</param>
public sealed record BundleFrames(long Count, string Sha256);

/// <summary>manifest.json of a bundle, written last: a folder without it is half a bundle. Paths follow from names and are not stored.</summary>
public sealed record BundleManifest
{
    public const string FormatName = "inspection-bundle-1";

    public const string FileName = "manifest.json";

    public const string LogFile = "log.records";

    private const int MostBytes = 16 * 1024 * 1024;

    public string Format { get; init; } = FormatName;

    public required string Plant { get; init; }

    /// <summary>When it was exported, UTC, ISO 8601.</summary>
    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<BundleLine> Lines { get; init; }

    /// <summary>Not all lines of the plant are in it, as the exporter wished.</summary>
    public bool IsSelection { get; init; }

    /// <summary>Lines end before the first record of this instant or later, as the exporter wished; null: they were not cut.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Null: the plant keeps no log (rule J8).</summary>
    public BundleLog? Log { get; init; }

    /// <summary>Null: the exporter wished none.</summary>
    public BundleFrames? Frames { get; init; }

    public required IReadOnlyList<BundlePackage> Packages { get; init; }

    public static string LineFile(LineId line) => Path.Combine("lines", $"{line}.records");

    public static string PackageFolder(Digest model, int number) => Path.Combine("packages", number == 1 ? model.ToString() : string.Create(CultureInfo.InvariantCulture, $"{model}.{number}"));

    public static string PackageFile(Digest model, int number) => Path.Combine(PackageFolder(model, number), "package.json");

    /// <exception cref="BundleException">Not there, not readable, or of another format.</exception>
    public static BundleManifest Read(string folder)
    {
        if (File.Exists(folder))
        {
            throw new BundleException($"{folder} is a file, and a bundle is a folder: give the one that `inspection audit export` wrote");
        }

        if (!Directory.Exists(folder))
        {
            throw new BundleException($"there is no folder {folder}: give the folder that `inspection audit export` wrote");
        }

        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new BundleException($"{folder} is no bundle or half of one: it has no {FileName}, which export writes last; export it again");
        }

        try
        {
            if (new FileInfo(path).Length == 0)
            {
                throw NoManifest(path, "it is empty, or no file at all"); // a pipe would keep the reader waiting
            }

            var bytes = SmallFile.Read(path, MostBytes);
            if (AuditJson.FormatOf(bytes) is var format && format != FormatName)
            {
                throw new BundleException($"{path} has format {ForeignText.Shown(format ?? "(none)")}, and this version reads {FormatName}: read it with the version that wrote it, or a later one");
            }

            var manifest = JsonSerializer.Deserialize<BundleManifest>(bytes, AuditJson.Options);
            return manifest is not null && manifest.Lines.All(l => l is not null) && manifest.Packages.All(p => p is not null)
                ? manifest
                : throw NoManifest(path, "it or an entry of it is null");
        }
        catch (JsonException e)
        {
            throw NoManifest(path, ForeignText.Shown(e.Message), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static BundleException NoManifest(string path, string why, Exception? inner = null) =>
        new($"{path} is no manifest of a bundle: {why}; export or copy it again", inner);
}
