using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Inspection.Audit.Journals;
using Inspection.Protocol;
using Inspection.Protocol.Wire;

namespace Inspection.Audit.Backups;

/// <summary>What a backup holds.</summary>
/// <param name="Digest">SHA-256 that it ends with: the backup's name in the records of a restore.</param>
public sealed record BackupInfo(string Plant, DateTime Utc, long Records, long Snapshots, Digest Digest);

/// <summary>Writes rows of a journal as one file (format: backup.proto). Streams: one row in memory.</summary>
public static class BackupWriter
{
    internal const uint Format = 1;

    internal static readonly byte[] Magic = "INSPJRN1"u8.ToArray();

    /// <param name="path">Must not be there: nothing is overwritten. It appears whole or not at all.</param>
    /// <exception cref="BackupException">The file is there, or cannot be written.</exception>
    /// <exception cref="JournalUnavailableException">The journal cannot be read.</exception>
    public static BackupInfo Write(IJournalTables tables, string path, string plant, TimeProvider time)
    {
        if (Path.Exists(path))
        {
            throw new BackupException($"{path} is there already: give a new file, nothing is overwritten");
        }

        var part = path + ".part";
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            BackupInfo info;
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            using (var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                info = WriteTo(file, sha, tables, plant, time.GetUtcNow().UtcDateTime);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path);
            return info;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"the backup cannot be written to {path}: {e.Message}", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static BackupInfo WriteTo(FileStream file, IncrementalHash sha, IJournalTables tables, string plant, DateTime utc)
    {
        var frames = new Frames(file, sha);
        frames.Bytes(Magic);
        frames.Add(new BackupFrame { Header = new BackupHeader { Format = Format, Plant = plant, UtcTicks = utc.Ticks, Program = $"inspection {typeof(BackupWriter).Assembly.GetName().Version}" } });
        var (records, snapshots) = (0L, 0L);
        foreach (var row in tables.Records())
        {
            frames.Add(new BackupFrame { Record = row });
            records++;
        }

        foreach (var row in tables.Snapshots())
        {
            frames.Add(new BackupFrame { Snapshot = row });
            snapshots++;
        }

        var digest = new Digest(sha.GetCurrentHash());
        frames.Add(new BackupFrame { End = new BackupEnd { Records = records, Snapshots = snapshots, Sha256 = ByteString.CopyFrom(digest.ToArray()) } });
        return new BackupInfo(plant, utc, records, snapshots, digest);
    }

    private readonly struct Frames(FileStream file, IncrementalHash sha)
    {
        public void Add(BackupFrame frame)
        {
            Span<byte> length = stackalloc byte[sizeof(uint)];
            var bytes = frame.ToByteArray();
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)bytes.Length);
            Bytes(length);
            Bytes(bytes);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            sha.AppendData(bytes);
        }
    }
}
