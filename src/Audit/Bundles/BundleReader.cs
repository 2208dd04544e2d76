using System.Security.Cryptography;
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

    /// <exception cref="BundleException">No bundle, half a bundle, another format, or names that no export writes.</exception>
    public static BundleReader Open(string folder)
    {
        if (File.Exists(Path.Combine(folder, BundleManifest.FileName)))
        {
            CheckFile(folder, BundleManifest.FileName, null);
        }

        var manifest = BundleManifest.Read(folder);
        var lines = new Dictionary<LineId, BundleLine>();
        foreach (var line in manifest.Lines)
        {
            if (!Names.IsValid(line.Line) || !lines.TryAdd(new LineId(line.Line), line))
            {
                throw new BundleException($"{folder}: '{line.Line}' in {BundleManifest.FileName} is not a line's name, or is there twice");
            }

            if (line.From != 1 || line.To < 0 || !IsDigest(line.Head))
            {
                throw new BundleException($"{folder}: line {line.Line} in {BundleManifest.FileName} says records {line.From}..{line.To} with head '{line.Head}': a line starts at record 1 and its head is a SHA-256");
            }

            CheckFile(folder, BundleManifest.LineFile(new LineId(line.Line)), line.Bytes);
        }

        if (manifest.Log is { } log)
        {
            if (log.Records < 0 || !IsDigest(log.Head))
            {
                throw new BundleException($"{folder}: the log in {BundleManifest.FileName} has {log.Records} records with head '{log.Head}': its head is a SHA-256");
            }

            CheckFile(folder, BundleManifest.LogFile, log.Bytes);
        }

        foreach (var package in manifest.Packages)
        {
            if (!IsDigest(package.ModelDigest) || package.Number < 1)
            {
                throw new BundleException($"{folder}: package '{package.ModelDigest}' number {package.Number} in {BundleManifest.FileName}: it is named by its model's SHA-256, and numbers start at 1");
            }

            CheckFile(folder, BundleManifest.PackageFile(Digest.Parse(package.ModelDigest), package.Number), null);
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

    private bool IsIntact(string file, string sha256)
    {
        using var stream = File.OpenRead(Path.Combine(_folder, file));
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), sha256, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsDigest(string? text) => text is { Length: 2 * Digest.Length } && text.All(char.IsAsciiHexDigit);

    private static void CheckFile(string folder, string file, long? bytes)
    {
        for (var part = file; part.Length > 0; part = Path.GetDirectoryName(part) ?? "")
        {
            if (new FileInfo(Path.Combine(folder, part)).LinkTarget is not null)
            {
                throw new BundleException($"{folder}: {part} is a link, and a bundle holds none: it could point anywhere");
            }
        }

        var info = new FileInfo(Path.Combine(folder, file));
        if (!info.Exists)
        {
            throw new BundleException($"{folder} is half a bundle: {file} is missing; export or copy it again");
        }

        if (bytes is { } stated && info.Length != stated)
        {
            throw new BundleException($"{folder} is half a bundle or was changed: {file} has {info.Length} bytes, and {stated} were exported; export or copy it again");
        }
    }
}
