using System.Text;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>
/// Lines that a real ledger wrote, and the log over them as the builder writes it: leaves of a few records, a checkpoint after each round, signed
/// and cosigned by a real witness. Held in memory as stored bytes, for tests that change them.
/// </summary>
internal sealed class LoggedPlant : IJournalSource
{
    public const string Origin = "plant.example/log";

    private readonly Dictionary<LineId, List<Sealed>> _lines;
    private readonly List<Sealed> _log;

    private LoggedPlant(Dictionary<LineId, List<Sealed>> lines, List<Sealed> log, LogTrust trust) => (_lines, _log, Trust) = (lines, log, trust);

    public string Description => "a plant in memory";

    public IReadOnlyList<LineId> Lines => [.. _lines.Keys.OrderBy(l => l.Value, StringComparer.Ordinal)];

    /// <summary>The auditor's: both keys, and the checkpoint that the witness cosigned last.</summary>
    public LogTrust Trust { get; }

    /// <summary>Stored records of each line, to be changed.</summary>
    public List<Sealed> Of(LineId line) => _lines[line];

    /// <summary>Stored records of the log, to be changed.</summary>
    public List<Sealed> Log => _log;

    public static LoggedPlant Make(int seed, AuditKeys keys)
    {
        var (key, witness) = (keys.Log, keys.Witness);
        var random = new Random(seed);
        var lines = new[] { "left", "right" }.ToDictionary(l => new LineId(l), l => RandomLife.Lived(seed + l.Length, l, steps: 120).Settle().Seal().ToList());
        var (chain, book, held) = (new ChainWriter(LogChain.Id), new LogBook(), (SignedNote?)null);
        var log = new List<Sealed>();

        void Write(ILogEvent e)
        {
            log.Add(chain.Seal(e));
            book.Apply(e);
        }

        Write(new LogKeyChanged(1, key.Verifier.ToString()));
        using var folder = new TempFolder();
        using var store = SqliteWitnessStore.Open(folder["witness.db"]);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        var other = new Witness(witness, new[] { key.Verifier }.ToLookup(k => k.Name), store, time);
        while (lines.Any(l => book.EndOf(l.Key).Sequence < l.Value.Count))
        {
            var extents = lines.Where(l => book.EndOf(l.Key).Sequence < l.Value.Count).Select(l =>
            {
                var from = book.EndOf(l.Key).Sequence + 1;
                var to = Math.Min(l.Value.Count, from + random.Next(8));
                return new LogExtent(l.Key, from, to, Digest.Of(l.Value[(int)to - 1].Bytes.Span));
            }).ToEquatableList();
            var before = book.Signed?.Size ?? 0;
            Write(new LogExtended(time.GetUtcNow().Ticks, book.Tree.Size, extents));
            var note = Checkpoint.Sign(key, book.Tree.Size, book.Tree.Root, time.GetUtcNow());
            var answer = other.Add(new AddCheckpoint(before, before == 0 ? [] : book.Tree.ProveConsistency(before, book.Tree.Size), note).ToBytes());
            Assert.Equal(200, answer.Status);
            held = SignedNote.Parse([.. note.ToBytes(), .. Encoding.UTF8.GetBytes(answer.Body)]);
            Write(new LogSigned(time.GetUtcNow().Ticks, book.Tree.Size, held.ToString()));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return new LoggedPlant(lines, log, new LogTrust([key.Verifier], [witness.Verifier], [("held.note", held!)]));
    }

    public LoggedPlant Copy() => new(_lines.ToDictionary(l => l.Key, l => l.Value.ToList()), [.. _log], Trust);

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => Stored(_lines[line], after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => Stored(_log, after);

    public void Dispose()
    {
        // holds nothing
    }

    // as a bundle's: bytes by their place, no column beside them
    private static IEnumerable<StoredRecord> Stored(List<Sealed> records, long after) => records.Select((r, i) => new StoredRecord(i + 1, null, r.Bytes)).Where(r => r.Sequence > after);
}
