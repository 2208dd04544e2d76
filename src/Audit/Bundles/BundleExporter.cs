using System.Text;
using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Bundles;

/// <summary>What to export. Always from a line's first record on, so that every bundle can be verified and replayed alone.</summary>
public sealed record ExportFilter
{
    public static readonly ExportFilter Everything = new();

    /// <summary>Empty: all lines.</summary>
    public IReadOnlySet<LineId> Lines { get; init; } = new HashSet<LineId>();

    /// <summary>The archive whose frames go with the records that name them; null: none do.</summary>
    public string? Frames { get; init; }

    /// <summary>Ends each line before the first record of this instant or later; null: to the end.</summary>
    public DateTimeOffset? Before { get; init; }
}

/// <summary>
/// Rule J9: writes a journal as a folder that needs no cluster, no database and no network: manifest.json, lines/LINE.records (the stored
/// bytes as they are) and packages/MODEL/package.json. Also of a damaged journal: the verifier then names the damage in the bundle.
/// </summary>
public static class BundleExporter
{
    /// <param name="outDir">Made where it is not there; must be empty.</param>
    /// <exception cref="BundleException">The folder holds something, a line is not in the journal, or writing fails.</exception>
    public static BundleManifest Export(IJournalSource source, string outDir, string plant, ExportFilter filter, TimeProvider time)
    {
        if (filter.Lines.Except(source.Lines).ToList() is [var unknown, ..])
        {
            throw new BundleException($"{source.Description} has no line {unknown}; it has {string.Join(", ", source.Lines)}");
        }

        try
        {
            if (Directory.Exists(outDir) && Directory.EnumerateFileSystemEntries(outDir).Any())
            {
                throw new BundleException($"{outDir} is not empty: give a new folder, nothing is overwritten");
            }

            _ = Directory.CreateDirectory(Path.Combine(outDir, "lines"));
            var packages = new List<BundlePackage>();
            using var frames = filter.Frames is { } archive ? new FrameExport(archive, outDir) : null;

            // the log first: what it covers when it is read, the lines then hold
            var log = ExportLog(source, outDir);
            var lines = source.Lines.Where(l => filter.Lines.Count == 0 || filter.Lines.Contains(l)).Select(l => ExportLine(source, l, outDir, filter, packages, frames)).ToList();
            var manifest = new BundleManifest { Plant = plant, Created = time.GetUtcNow(), IsSelection = filter.Lines.Count > 0, Before = filter.Before, Lines = lines, Log = log, Packages = packages, Frames = frames?.Finish() };

            // last, and by renaming: a folder with a manifest is a whole bundle
            var path = Path.Combine(outDir, BundleManifest.FileName);
            File.WriteAllText(path + ".part", JsonSerializer.Serialize(manifest, AuditJson.Options) + "\n");
            File.Move(path + ".part", path);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"the bundle cannot be written to {outDir}: {e.Message}", e);
        }
    }

    private static BundleLog? ExportLog(IJournalSource source, string outDir)
    {
        var path = Path.Combine(outDir, BundleManifest.LogFile);
        var (count, head) = Write(path, source.LogRecords());
        if (count > 0)
        {
            return new BundleLog(count, head.ToString(), new FileInfo(path).Length, FileDigest.Of(path));
        }

        File.Delete(path);
        return null;
    }

    private static BundleLine ExportLine(IJournalSource source, LineId line, string outDir, ExportFilter filter, List<BundlePackage> packages, FrameExport? frames)
    {
        var path = Path.Combine(outDir, BundleManifest.LineFile(line));
        var (count, head) = Write(path, Kept(source, line, outDir, filter, packages, frames));
        return new BundleLine(line.Value, 1, count, head.ToString(), new FileInfo(path).Length, FileDigest.Of(path));
    }

    /// <summary>The line's records up to where it is cut; the packages they activate are written on the way.</summary>
    private static IEnumerable<StoredRecord> Kept(IJournalSource source, LineId line, string outDir, ExportFilter filter, List<BundlePackage> packages, FrameExport? frames)
    {
        foreach (var record in source.Records(line))
        {
            var e = TryEvent(line, record);
            if (filter.Before is { } before && e is not null && e.UtcTicks >= before.UtcTicks)
            {
                yield break;
            }

            if (e is ModelActivated { Manifest.Length: > 0 } activated)
            {
                AddPackage(activated, outDir, packages);
            }

            if (e is not null)
            {
                frames?.Add(e);
            }

            yield return record;
        }
    }

    private static (long Count, Digest Head) Write(string path, IEnumerable<StoredRecord> records)
    {
        var (count, head) = (0L, Digest.None);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        foreach (var record in records)
        {
            RecordFile.Append(file, record.Bytes.Span);
            (count, head) = (count + 1, Digest.Of(record.Bytes.Span));
        }

        return (count, head);
    }

    /// <summary>The event, or null where the record is damaged: it is exported as it is.</summary>
    private static ILineEvent? TryEvent(LineId line, StoredRecord record)
    {
        try
        {
            return ChainReader.Peek(line, record.Sequence, record.Bytes);
        }
        catch (BrokenChainException)
        {
            return null;
        }
    }

    private static void AddPackage(ModelActivated e, string outDir, List<BundlePackage> packages)
    {
        var bytes = Encoding.UTF8.GetBytes(e.Manifest);
        var model = e.Policy.ModelDigest;
        var sameModel = packages.Where(p => p.ModelDigest == model.ToString()).ToList();
        var sha256 = Digest.Of(bytes).ToString();
        if (sameModel.Any(p => p.Sha256 == sha256))
        {
            return;
        }

        var number = sameModel.Count + 1;
        _ = Directory.CreateDirectory(Path.Combine(outDir, BundleManifest.PackageFolder(model, number)));
        File.WriteAllBytes(Path.Combine(outDir, BundleManifest.PackageFile(model, number)), bytes);
        packages.Add(new BundlePackage(model.ToString(), number, e.PackageName, sha256));
    }
}
