using Google.Protobuf;
using Inspection.Audit.Journals;
using Inspection.Audit.Verifying;
using Inspection.Decisions.Ledger;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using JournalRestored = Inspection.Protocol.JournalRestored;

namespace Inspection.Audit.Backups;

/// <summary>One line after a restore.</summary>
/// <param name="Records">From the backup.</param>
/// <param name="Appended">By the restore: what was open concluded, epochs ended, the floor set.</param>
public sealed record RestoredLine(string Line, long Records, long Appended, long LastEpochBefore);

/// <param name="EpochFloor">Every epoch granted from here on is above it.</param>
public sealed record RestoreReport(BackupInfo Backup, long EpochFloor, IReadOnlyList<RestoredLine> Lines);

/// <summary>
/// Puts a backup into an empty journal so that it goes on without using a key again: each line's chain is continued by
/// <see cref="Restoring.Events"/>. Lines that the backup does not hold, and that the plant has, get their floor too: the lost records may
/// have begun them.
/// </summary>
public static class JournalRestore
{
    /// <param name="lines">The plant's.</param>
    /// <param name="target">Opened once the backup is found in order.</param>
    /// <exception cref="BackupException">Another plant, a clock that is behind, or a target that is not empty.</exception>
    /// <exception cref="BrokenChainException">A record in the backup was damaged before it was backed up.</exception>
    public static async Task<RestoreReport> RunAsync(BackupFile backup, string plant, IEnumerable<LineId> lines, Func<Task<IEmptyJournal>> target, string by, TimeProvider time)
    {
        var utc = time.GetUtcNow().UtcDateTime;
        Check(backup, plant, utc);
        var restored = new JournalRestored(utc.Ticks, Restoring.EpochFloor(utc), backup.Info.Utc.Ticks, backup.Info.Digest, by);
        var tails = backup.Lines.Union(lines).OrderBy(l => l.Value, StringComparer.Ordinal).Select(l => Continue(backup, l, restored)).ToList();

        using var journal = await target();
        journal.Fill(backup.AllRecords().Concat(Appended(backup, tails, utc)), backup.AllSnapshots());
        return new RestoreReport(backup.Info, restored.EpochFloor, [.. tails.Select(t => t.Line)]);
    }

    private static void Check(BackupFile backup, string plant, DateTime utc)
    {
        if (backup.Info.Plant != plant)
        {
            throw new BackupException($"{backup.Description} is of plant '{backup.Info.Plant}', and the plant file is of '{plant}': name the right file");
        }

        if (utc <= backup.Info.Utc)
        {
            throw new BackupException($"this machine's clock says {utc:O}, and {backup.Description} was taken at {backup.Info.Utc:O}: set the clock right first; the epochs after a restore come from it");
        }

        var report = JournalVerifier.Verify(backup);
        if (!report.IsGood)
        {
            throw new BackupException($"{backup.Description} holds a journal that does not verify: {report.First}; look at it with a backup from before, nothing is restored");
        }
    }

    /// <summary>Reads the line to its end and seals what follows.</summary>
    private static Tail Continue(BackupFile backup, LineId line, JournalRestored restored)
    {
        var (state, sequence, head) = (LedgerState.Empty(line), 0L, Digest.None);
        if (backup.Lines.Contains(line))
        {
            foreach (var record in backup.Chain(line))
            {
                (state, sequence, head) = (state.Apply(record.Event), record.Sequence, record.Hash);
            }
        }

        if (state.LastEpoch >= restored.EpochFloor)
        {
            throw new BackupException($"line {line} was granted epoch {state.LastEpoch}, and this machine's clock gives only {restored.EpochFloor}: the clock is behind, or was ahead at an earlier restore; set it right first");
        }

        var chain = new ChainWriter(line, sequence + 1, head);
        var records = Restoring.Events(state, restored).Select(e => chain.Seal(e)).ToList();
        return new Tail(new RestoredLine(line.Value, sequence, records.Count, state.LastEpoch), records);
    }

    private static IEnumerable<BackupRecord> Appended(BackupFile backup, List<Tail> tails, DateTime utc)
    {
        var writer = Guid.NewGuid().ToString("N");
        var ordering = backup.LastOrdering;
        foreach (var tail in tails)
        {
            var sequence = tail.Line.Records;
            foreach (var record in tail.Records)
            {
                yield return new BackupRecord
                {
                    Ordering = ++ordering,
                    PersistenceId = PersistenceIds.Line(new LineId(tail.Line.Line)),
                    Sequence = ++sequence,
                    Created = utc.Ticks,
                    Message = UnsafeByteOperations.UnsafeWrap(record.Bytes),
                    Tags = "",
                    Manifest = record.Manifest,
                    Identifier = StoredForm.SerializerId,
                    WriterUuid = writer,
                };
            }
        }
    }

    private sealed record Tail(RestoredLine Line, IReadOnlyList<Sealed> Records);
}
