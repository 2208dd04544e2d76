using Inspection.Audit.Journals;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Bundles;

/// <summary>
/// A bundle's folder as a journal. Streams; one record in memory. Its paths are made from checked names only, and it follows no links,
/// so that a bundle from elsewhere cannot point out of its own folder.
/// </summary>
public sealed class BundleReader : IJournalSource
{
    private readonly string _folder;
    private readonly Dictionary<LineId, BundleLine> _lines;

    private BundleReader(string folder, BundleManifest manifest, Dictionary<LineId, BundleLine> lines)
    {
        _folder = folder;
        Manifest = manifest;
        _lines = lines;
        Lines = [.. lines.Keys.OrderBy(l => l.Value, StringComparer.Ordinal)];
    }

    public BundleManifest Manifest { get; }

    public string Description => $"bundle {_folder} of plant {Manifest.Plant}{(Manifest.IsSelection ? ", some of its lines" : "")}{(Manifest.Before is { } before ? FormattableString.Invariant($", cut before {before:O}") : "")}";

    public IReadOnlyList<LineId> Lines { get; }

    /// <summary>The folders of the packages in it, for a replay.</summary>
    public IReadOnlyList<string> PackageFolders => [.. Manifest.Packages.Select(p => Path.Combine(_folder, BundleManifest.PackageFolder(Digest.Parse(p.ModelDigest), p.Number)))];

    /// <summary>Its own frame archive; null: it was exported without.</summary>
    public string? FramesFolder => Manifest.Frames is null ? null : Path.Combine(_folder, FramesInBundle.Folder);

    /// <exception cref="BundleException">No bundle, half a bundle, another format, or names that no export writes.</exception>
    public static BundleReader Open(string folder)
    {
        CheckNoLink(folder, BundleManifest.FileName);
        var manifest = BundleManifest.Read(folder);
        if (!Names.IsValid(manifest.Plant))
        {
            throw new BundleException($"{folder}: '{ForeignText.Shown(manifest.Plant)}' in {BundleManifest.FileName} is not a plant's name");
        }

        var lines = new Dictionary<LineId, BundleLine>();
        foreach (var line in manifest.Lines)
        {
            if (!Names.IsValid(line.Line) || !lines.TryAdd(new LineId(line.Line), line))
            {
                throw new BundleException($"{folder}: '{ForeignText.Shown(line.Line)}' in {BundleManifest.FileName} is not a line's name, or is there twice");
            }

            if (line.From != 1 || line.To < 0 || !IsDigest(line.Head))
            {
                throw new BundleException($"{folder}: line {line.Line} in {BundleManifest.FileName} says records {line.From}..{line.To} with head '{ForeignText.Shown(line.Head)}': a line starts at record 1 and its head is a SHA-256");
            }

            CheckRecords(folder, BundleManifest.LineFile(new LineId(line.Line)), line.To, line.Bytes);
        }

        if (manifest.Log is { } log)
        {
            if (log.Records < 0 || !IsDigest(log.Head))
            {
                throw new BundleException($"{folder}: the log in {BundleManifest.FileName} has {log.Records} records with head '{ForeignText.Shown(log.Head)}': its head is a SHA-256");
            }

            CheckRecords(folder, BundleManifest.LogFile, log.Records, log.Bytes);
        }

        var packages = new HashSet<(Digest, int)>();
        foreach (var package in manifest.Packages)
        {
            if (!IsDigest(package.ModelDigest) || package.Number < 1 || !packages.Add((Digest.Parse(package.ModelDigest), package.Number)))
            {
                throw new BundleException($"{folder}: package '{ForeignText.Shown(package.ModelDigest)}' number {package.Number} in {BundleManifest.FileName}: it is named by its model's SHA-256, numbers start at 1, and none is there twice");
            }

            CheckPackage(folder, BundleManifest.PackageFile(Digest.Parse(package.ModelDigest), package.Number));
        }

        if (manifest.Frames is { } frames)
        {
            FramesInBundle.Check(folder, frames);
        }

        return new BundleReader(folder, manifest, lines);
    }

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => RecordsOf(BundleManifest.LineFile(line), after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => Manifest.Log is null ? [] : RecordsOf(BundleManifest.LogFile, after);

    public LineHead? StatedHead(LineId line) => new LineHead(_lines[line].To, Digest.Parse(_lines[line].Head));

    public LineHead? StatedLogHead => Manifest.Log is { } log ? new LineHead(log.Records, Digest.Parse(log.Head)) : null;

    public IEnumerable<Finding> CheckContainer()
    {
        if (Manifest.Log is { } log && !IsIntact(BundleManifest.LogFile, log.Sha256))
        {
            yield return new Finding(FindingKind.Bundle, "", 0, $"the file {BundleManifest.LogFile} is not as it was exported (SHA-256 differs)");
        }

        foreach (var (line, stated) in _lines.OrderBy(l => l.Key.Value, StringComparer.Ordinal))
        {
            if (!IsIntact(BundleManifest.LineFile(line), stated.Sha256))
            {
                yield return new Finding(FindingKind.Bundle, line.Value, 0, $"the file {BundleManifest.LineFile(line)} is not as it was exported (SHA-256 differs)");
            }
        }

        foreach (var package in Manifest.Packages)
        {
            var file = BundleManifest.PackageFile(Digest.Parse(package.ModelDigest), package.Number);
            if (!IsIntact(file, package.Sha256))
            {
                yield return new Finding(FindingKind.Bundle, "", 0, $"the file {file} of package {package.Name} is not as it was exported (SHA-256 differs)");
            }
        }

        foreach (var finding in Manifest.Frames is { } frames ? FramesInBundle.Findings(_folder, frames) : [])
        {
            yield return finding;
        }
    }

    public void Dispose()
    {
        // files are open only while they are read
    }

    private IEnumerable<StoredRecord> RecordsOf(string file, long after)
    {
        var place = 0L;
        foreach (var (bytes, remark) in RecordFile.Read(Path.Combine(_folder, file)))
        {
            if (++place > after)
            {
                yield return new StoredRecord(place, null, bytes, remark);
            }
        }
    }

    private bool IsIntact(string file, string sha256) => string.Equals(FileDigest.Of(Path.Combine(_folder, file)), sha256, StringComparison.OrdinalIgnoreCase);

    private static bool IsDigest(string? text) => text is { Length: 2 * Digest.Length } && text.All(char.IsAsciiHexDigit);

    private static void CheckRecords(string folder, string file, long records, long bytes)
    {
        if (LengthOf(folder, file) is var length && length != bytes)
        {
            throw new BundleException($"{folder} is half a bundle or was changed: {file} has {length} bytes, and {bytes} were exported; export or copy it again");
        }

        if (!RecordFile.CanHold(bytes, records))
        {
            throw new BundleException($"{folder}: {file} has {bytes} bytes, which are not {records} records as {BundleManifest.FileName} says: a record has 1 to {RecordFile.MaxFrame}; export it again");
        }
    }

    private static void CheckPackage(string folder, string file)
    {
        if (LengthOf(folder, file) is var length && length is 0 or > StoredRecord.MaxBytes)
        {
            throw new BundleException($"{folder}: {file} has {length} bytes, and a package.json that a record holds has 1 to {StoredRecord.MaxBytes}; export or copy it again");
        }
    }

    internal static long LengthOf(string folder, string file)
    {
        CheckNoLink(folder, file);
        var info = new FileInfo(Path.Combine(folder, file));
        return info.Exists
            ? info.Length
            : throw new BundleException($"{folder} is half a bundle: {file} is {(Directory.Exists(info.FullName) ? "a directory, and a file is needed" : "missing")}; export or copy it again");
    }

    internal static void CheckNoLink(string folder, string file)
    {
        for (var part = file; part.Length > 0; part = Path.GetDirectoryName(part) ?? "")
        {
            if (new FileInfo(Path.Combine(folder, part)).LinkTarget is not null)
            {
                throw new BundleException($"{folder}: {part} is a link, and a bundle holds none: it could point anywhere; copy it with its files");
            }
        }
    }
}
