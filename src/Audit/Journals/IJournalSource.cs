using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Journals;

/// <summary>Where a line's chain ends.</summary>
/// <param name="Sequence">Of the last record; 0 for none.</param>
/// <param name="Hash">Of the last record.</param>
public readonly record struct LineHead(long Sequence, Digest Hash);

/// <summary>One stored record as it lies there, unchecked.</summary>
/// <param name="Sequence">Its place: the row's sequence number, or its position in a bundle's file.</param>
/// <param name="Manifest">The column beside it; null where there is none.</param>
/// <param name="Bytes">At most <see cref="MaxBytes"/> and one; a longer record is cut, and so found damaged.</param>
/// <param name="Remark">What is wrong with its row; null where nothing is.</param>
public sealed record StoredRecord(long Sequence, string? Manifest, ReadOnlyMemory<byte> Bytes, string? Remark = null)
{
    /// <summary>Far above any record that is written (a model's package.json is the largest), so that a damaged length cannot exhaust memory.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;
}

/// <summary>Lines and their stored records, wherever they lie. Streams: one record in memory at a time.</summary>
public interface IJournalSource : IDisposable
{
    /// <summary>For people: what is read.</summary>
    string Description { get; }

    /// <summary>In alphabetical order.</summary>
    IReadOnlyList<LineId> Lines { get; }

    /// <summary>The line's records behind a place, in the order of their places; 0: from the first.</summary>
    IEnumerable<StoredRecord> Records(LineId line, long after = 0);

    /// <summary>The records of the plant's log behind a place (rule J8); none where it keeps no log.</summary>
    IEnumerable<StoredRecord> LogRecords(long after = 0) => [];

    /// <summary>The last records of the log, in their order.</summary>
    IReadOnlyList<StoredRecord> LogTail(int count) => [.. LogRecords().TakeLast(count)];

    /// <summary>Where the source says that the line ends; null where only the records tell.</summary>
    LineHead? StatedHead(LineId line) => null;

    /// <summary>As <see cref="StatedHead"/>, of the log.</summary>
    LineHead? StatedLogHead => null;

    /// <summary>What is wrong with the source around its records.</summary>
    IEnumerable<Finding> CheckContainer() => [];
}
