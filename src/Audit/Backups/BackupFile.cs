using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Inspection.Audit.Journals;
using Inspection.Protocol;
using Inspection.Protocol.Wire;

namespace Inspection.Audit.Backups;

/// <summary>
/// A backup that is whole: opening it reads all of it and compares its digest. Its lines are a journal source, so that the same verifier
/// judges them. Streams; keeps where each line's rows begin. One thread.
/// </summary>
public sealed class BackupFile : IJournalSource
{
    /// <summary>The largest record and what stands around it.</summary>
    private const int MaxFrame = StoredRecord.MaxBytes + (1 << 16);

    private readonly string _path;
    private readonly Dictionary<LineId, (long From, long Rows)> _places = [];
    private (long From, long Rows) _log;
    private long _firstRecord;

    private BackupFile(string path)
    {
        _path = path;
        Info = Index();
    }

    public BackupInfo Info { get; }

    /// <summary>The largest number of a row, over all ids; 0 for none.</summary>
    public long LastOrdering { get; private set; }

    public string Description => $"backup {_path}";

    public IReadOnlyList<LineId> Lines => [.. _places.Keys.OrderBy(l => l.Value, StringComparer.Ordinal)];

    /// <exception cref="BackupException">No backup, cut off, or changed; says which.</exception>
    public static BackupFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new BackupException($"there is no backup at {path}");
        }

        try
        {
            return new BackupFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"the backup {path} cannot be read: {e.Message}", e);
        }
    }

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => At(_places[line], after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => At(_log, after);

    /// <summary>Every row of the journal table, as it was.</summary>
    public IEnumerable<BackupRecord> AllRecords() => Frames(_firstRecord).TakeWhile(f => f.Frame.Record is not null).Select(f => f.Frame.Record);

    /// <summary>Every row of the snapshot table, as it was.</summary>
    public IEnumerable<BackupSnapshot> AllSnapshots() => Frames(_firstRecord).SkipWhile(f => f.Frame.Record is not null).TakeWhile(f => f.Frame.Snapshot is not null).Select(f => f.Frame.Snapshot);

    public void Dispose()
    {
        // every read opens the file and closes it
    }

    private IEnumerable<StoredRecord> At((long From, long Rows) place, long after) =>
        Frames(place.From).Take((int)place.Rows).Select(f => Stored(f.Frame.Record)).Where(r => r.Sequence > after);

    private static StoredRecord Stored(BackupRecord row)
    {
        var remark = row.Deleted ? "its row is marked deleted, and records are never deleted"
            : row.Identifier != StoredForm.SerializerId ? $"its row names serializer {row.Identifier}, and records are stored by {StoredForm.SerializerId}"
            : null;
        return new StoredRecord(row.Sequence, row.Manifest, row.Message.Memory, remark);
    }

    private BackupInfo Index()
    {
        CheckDigest();
        BackupHeader? header = null;
        var (records, snapshots) = (0L, 0L);
        foreach (var (frame, at) in Frames(BackupWriter.Magic.Length))
        {
            switch (frame.FrameCase)
            {
                case BackupFrame.FrameOneofCase.Header when header is null:
                    header = frame.Header;
                    break;
                case BackupFrame.FrameOneofCase.Record when header is not null && snapshots == 0:
                    _firstRecord = records++ == 0 ? at : _firstRecord;
                    Place(frame.Record, at);
                    break;
                case BackupFrame.FrameOneofCase.Snapshot when header is not null:
                    _firstRecord = records == 0 && snapshots == 0 ? at : _firstRecord;
                    snapshots++;
                    break;
                case BackupFrame.FrameOneofCase.End when header is not null && frame.End.Records == records && frame.End.Snapshots == snapshots:
                    _firstRecord = records == 0 && snapshots == 0 ? at : _firstRecord;
                    return header.Format == BackupWriter.Format
                        ? new BackupInfo(header.Plant, new DateTime(header.UtcTicks, DateTimeKind.Utc), records, snapshots, new Digest(frame.End.Sha256.Span))
                        : throw new BackupException($"the backup {_path} is of format {header.Format}, and this version reads {BackupWriter.Format}; use the version that wrote it: {header.Program}");
                default:
                    throw Broken($"after {records} records and {snapshots} snapshots comes what does not belong there");
            }
        }

        throw Broken("its end is missing: it was cut off");
    }

    private void Place(BackupRecord row, long at)
    {
        LastOrdering = Math.Max(LastOrdering, row.Ordering);
        if (PersistenceIds.TryLine(row.PersistenceId, out var line))
        {
            _places[line] = _places.TryGetValue(line, out var place) ? (place.From, place.Rows + 1) : (at, 1);
        }
        else if (row.PersistenceId == PersistenceIds.Log)
        {
            _log = _log.Rows == 0 ? (at, 1) : (_log.From, _log.Rows + 1);
        }
    }

    /// <summary>Over all bytes before the last frame, which holds it.</summary>
    private void CheckDigest()
    {
        using var file = OpenRead();
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var magic = new byte[BackupWriter.Magic.Length];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.AsSpan().SequenceEqual(BackupWriter.Magic))
        {
            throw new BackupException($"{_path} is not a backup of a journal (`inspection journal backup` writes one)");
        }

        sha.AppendData(magic);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        while (Next(file, length) is { } bytes)
        {
            if (file.Position == file.Length)
            {
                if (Parse(bytes) is { FrameCase: BackupFrame.FrameOneofCase.End, End: var end })
                {
                    if (!end.Sha256.Span.SequenceEqual(sha.GetCurrentHash()))
                    {
                        throw Broken("its bytes do not agree with the SHA-256 it ends with: it was changed");
                    }

                    return;
                }

                break;
            }

            sha.AppendData(length);
            sha.AppendData(bytes);
        }

        throw Broken("its end is missing: it was cut off");
    }

    private IEnumerable<(BackupFrame Frame, long At)> Frames(long from)
    {
        using var file = OpenRead();
        file.Position = from;
        var length = new byte[sizeof(uint)];
        while (true)
        {
            var at = file.Position;
            if (Next(file, length) is not { } bytes)
            {
                yield break;
            }

            yield return (Parse(bytes), at);
        }
    }

    /// <summary>Null at the end of the file.</summary>
    private byte[]? Next(FileStream file, Span<byte> length)
    {
        var got = file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (got < length.Length || size > MaxFrame || size > file.Length - file.Position)
        {
            throw Broken("a length in it does not fit what follows: it was cut off or changed");
        }

        var bytes = new byte[size];
        file.ReadExactly(bytes);
        return bytes;
    }

    private BackupFrame Parse(byte[] bytes)
    {
        try
        {
            return BackupFrame.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Broken($"a frame in it cannot be read ({e.Message}): it was changed");
        }
    }

    private FileStream OpenRead() => new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private BackupException Broken(string what) => new($"the backup {_path} is broken: {what}; nothing of it is restored");
}
