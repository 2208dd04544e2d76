using Google.Protobuf;
using Inspection.Audit.Backups;
using Inspection.Audit.Verifying;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;
using JournalRestored = Inspection.Protocol.JournalRestored;

namespace Inspection.Audit.Tests;

public sealed class BackupFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private string Path => _folder["journal.backup"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_backup_gives_back_every_row_as_it_was()
    {
        var tables = new StoryTables(Story.Whole("a"), Story.Whole("b"));
        var info = Write(tables);
        using var backup = BackupFile.Open(Path);
        Assert.Equal(info, backup.Info);
        Assert.Equal(tables.Records(), backup.AllRecords());
        Assert.Equal(tables.Snapshots(), backup.AllSnapshots());
        Assert.Equal(["a", "b"], backup.Lines.Select(l => l.Value));
        Assert.True(JournalVerifier.Verify(backup).IsGood);
    }

    [Fact]
    public void An_empty_journal_can_be_backed_up()
    {
        _ = Write(new StoryTables());
        using var backup = BackupFile.Open(Path);
        Assert.Empty(backup.Lines);
        Assert.Empty(backup.AllRecords());
        Assert.Empty(backup.AllSnapshots());
    }

    [Fact]
    public void A_changed_byte_anywhere_is_found()
    {
        _ = Write(new StoryTables(new Story().Begin().See("a")));
        var whole = File.ReadAllBytes(Path);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = whole.ToArray();
            changed[i] ^= 0x10;
            File.WriteAllBytes(Path, changed);
            Assert.True(Opens() is false, $"byte {i} of {whole.Length} was changed and nobody saw it");
        }
    }

    [Fact]
    public void A_backup_that_was_cut_off_anywhere_is_refused_and_so_is_one_with_more_behind_it()
    {
        _ = Write(new StoryTables(new Story().Begin().See("a")));
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.True(Opens() is false, $"cut to {length} of {whole.Length} bytes");
        }

        File.WriteAllBytes(Path, [.. whole, 0, 0, 0, 0]);
        Assert.False(Opens());
    }

    [Fact]
    public void Nothing_is_overwritten_and_nothing_half_written_stays()
    {
        _ = Write(new StoryTables());
        Assert.Contains("there already", Assert.Throws<BackupException>(() => Write(new StoryTables())).Message, StringComparison.Ordinal);
        File.Delete(Path);
        _ = Assert.Throws<InvalidOperationException>(() => Write(new StoryTables(Story.Whole()) { Fails = true }));
        Assert.Empty(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
    }

    [Fact]
    public async Task Another_plant_a_clock_that_is_behind_and_a_damaged_journal_are_refused()
    {
        _ = Write(new StoryTables(Story.Whole()));
        Assert.Contains("of plant 'p'", (await RefusedAsync("q")).Message, StringComparison.Ordinal);
        Assert.Contains("set the clock right", (await RefusedAsync("p")).Message, StringComparison.Ordinal);

        File.Delete(Path);
        _ = Write(new StoryTables(Story.Whole()) { Flipped = 5 });
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("does not verify: record 5 of line tile", (await RefusedAsync("p")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_was_ahead_at_an_earlier_restore_is_noticed()
    {
        var ahead = new JournalRestored(1, 9_000_000_000_000_000, 1, Digest.Of("b"u8), "anna@n1");
        _ = Write(new StoryTables(new Story().Tell(ahead)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("was ahead at an earlier restore", (await RefusedAsync("p")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_restores_of_one_backup_have_floors_of_their_own()
    {
        _ = Write(new StoryTables(Story.Whole()));
        var floors = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            using var backup = BackupFile.Open(Path);
            using var journal = new Filled();
            var report = await JournalRestore.RunAsync(backup, "p", [], () => Task.FromResult<IEmptyJournal>(journal), "anna@n1", _time);
            floors.Add(report.EpochFloor);
            Assert.Equal(backup.Info.Records + 3, journal.Records); // what was open, the epoch's end, the floor
        }

        Assert.Equal(60_000_000, floors[1] - floors[0]);
    }

    private BackupInfo Write(IJournalTables tables) => BackupWriter.Write(tables, Path, "p", _time);

    private async Task<BackupException> RefusedAsync(string plant)
    {
        using var backup = BackupFile.Open(Path);
        return await Assert.ThrowsAsync<BackupException>(() => JournalRestore.RunAsync(backup, plant, [], () => throw new InvalidOperationException("the target was opened"), "anna@n1", _time));
    }

    private bool Opens()
    {
        try
        {
            BackupFile.Open(Path).Dispose();
            return true;
        }
        catch (BackupException)
        {
            return false;
        }
    }

    private sealed class Filled : IEmptyJournal
    {
        public long Records { get; private set; }

        public void Fill(IEnumerable<BackupRecord> records, IEnumerable<BackupSnapshot> snapshots) => Records = records.Count();

        public void Dispose()
        {
        }
    }

    private sealed class StoryTables(params Story[] stories) : IJournalTables
    {
        public int Flipped { get; init; }

        public bool Fails { get; init; }

        public IEnumerable<BackupRecord> Records()
        {
            var ordering = 100L;
            foreach (var story in stories)
            {
                var sequence = 0L;
                foreach (var record in story.Seal())
                {
                    var bytes = record.Bytes.ToArray();
                    bytes[10] ^= (byte)(++sequence == Flipped ? 1 : 0);
                    yield return new BackupRecord
                    {
                        Ordering = ++ordering,
                        PersistenceId = PersistenceIds.Line(story.Line),
                        Sequence = sequence,
                        Created = 5,
                        Message = ByteString.CopyFrom(bytes),
                        Manifest = record.Manifest,
                        Identifier = StoredForm.SerializerId,
                        WriterUuid = "w",
                    };
                }

                yield return new BackupRecord { Ordering = ++ordering, PersistenceId = $"shard-{story.Line}", Sequence = 1, Deleted = true };
                if (Fails)
                {
                    throw new InvalidOperationException("the server went away");
                }
            }
        }

        public IEnumerable<BackupSnapshot> Snapshots() => stories.Select(s => new BackupSnapshot { PersistenceId = PersistenceIds.Line(s.Line), Sequence = 2, Created = 7, Snapshot = ByteString.CopyFromUtf8("x") });

        public void Dispose()
        {
        }
    }
}
