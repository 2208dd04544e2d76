using System.Threading.Channels;
using Inspection.Audit.Backups;
using Inspection.Audit.Verifying;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Tests.Supervisor;
using Inspection.Protocol;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class BackupTests(PostgresFixture postgres) : IDisposable
{
    private static readonly LineId Added = new("l-added-later");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-backup-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("sqlite", "sqlite")]
    [InlineData("postgres", "postgres")]
    [InlineData("sqlite", "postgres")]
    [InlineData("postgres", "sqlite")]
    public async Task A_restored_journal_uses_no_key_of_the_lost_tail_again(string from, string to)
    {
        var (before, lost) = (new HashSet<TriggerKey>(), new HashSet<TriggerKey>());
        var journal = await NewAsync(from);
        await using (var rig = await SupervisorRig.StartAsync(journal))
        {
            await rig.ActivateAsync();
            Assert.Equal(1, await InspectAsync(rig, "i1", 1, "a", "b", "c"));
            _ = await rig.AnnounceAsync(1, 4, "open when backed up");
            await BackupAsync(journal);
            before.UnionWith(KeysOf(rig));

            // lost: the epoch of the backup goes on, and two more begin
            _ = await rig.AnnounceAsync(1, 5, "d", "e");
            _ = await rig.DecideAsync(1, 5, 0f);
            Assert.Equal(2, await InspectAsync(rig, "i2", 1, "f", "g"));
            Assert.Equal(3, await InspectAsync(rig, "i3", 1, "h"));
            lost.UnionWith(KeysOf(rig));
            lost.ExceptWith(before);
            Assert.Equal(5, lost.Count);
        }

        var restored = await NewAsync(to);
        var report = await RestoreAsync(restored);
        await using (var rig = await SupervisorRig.StartAsync(restored))
        {
            await rig.ActivateAsync();

            // the holders of the lost epochs are fenced, and that of the backup's epoch too
            foreach (var epoch in new[] { 1, 3 })
            {
                _ = await rig.AskAsync<LineReplies.StaleEpoch>(new LineCommands.RenewStation(SupervisorRig.Line, SupervisorRig.Station, epoch, SupervisorRig.Node, $"i{epoch}"));
            }

            Assert.Equal(report.EpochFloor + 1, await InspectAsync(rig, "i4", 1, "d", "e", "f"));
            Assert.Equal(report.EpochFloor + 2, await InspectAsync(rig, "i5", 1, "g", "h"));
            var keys = KeysOf(rig);
            Assert.Superset(before, keys);
            Assert.Empty(keys.Intersect(lost));
            Assert.Equal(before.Count + 5, keys.Count);
        }

        using var source = restored.OpenSource();
        var verified = JournalVerifier.Verify(source);
        Assert.True(verified.IsGood, verified.ToJson());
        Assert.Equal([1, 1], verified.Lines.Select(l => l.Restores));
        Assert.Equal((9L, 0L), (verified.Lines[^1].Accepted, verified.Lines[^1].Open));
        Assert.Equal(report.EpochFloor, Assert.IsType<JournalRestored>(source.Records(Added).Select(r => ChainReader.Peek(Added, r.Sequence, r.Bytes)).Single()).EpochFloor);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_backup_taken_while_a_line_writes_is_whole(string kind)
    {
        var journal = await NewAsync(kind);
        await using var rig = await SupervisorRig.StartAsync(journal);
        await rig.ActivateAsync();
        var epoch = (await rig.AcquireAsync("i1")).Epoch;
        using var enough = new CancellationTokenSource();
        var written = Channel.CreateUnbounded<long>();
        var writing = Task.Run(async () =>
        {
            try
            {
                for (var counter = 1L; !enough.IsCancellationRequested; counter++)
                {
                    _ = await rig.AnnounceAsync(epoch, counter, $"p{counter}");
                    _ = await rig.DecideAsync(epoch, counter, 0f);
                    await written.Writer.WriteAsync(counter);
                }

                written.Writer.Complete();
            }
            catch (Exception e)
            {
                written.Writer.Complete(e);
                throw;
            }
        });
        var sizes = new List<long>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 4; i++)
        {
            var seen = await written.Reader.ReadAsync(deadline.Token);
            while (written.Reader.TryRead(out var later))
            {
                seen = later;
            }

            var path = await BackupAsync(journal, $"b{i}");
            using var backup = BackupFile.Open(path);
            Assert.True(JournalVerifier.Verify(backup) is { IsGood: true } report, path);
            Assert.True(backup.Info.Records >= seen, $"{path} holds {backup.Info.Records} records; {seen} parts were committed before it began");
            sizes.Add(backup.Info.Records);
        }

        await enough.CancelAsync();
        await writing;
        Assert.Equal(sizes.Order(), sizes);
        Assert.Empty(_folder.GetFiles("*.copy*"));
        Assert.Empty(_folder.GetFiles("*.part"));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_journal_that_holds_records_is_not_restored_over(string kind)
    {
        var journal = await NewAsync("sqlite");
        await using (var rig = await SupervisorRig.StartAsync(journal))
        {
            await rig.ActivateAsync();
            await BackupAsync(journal);
        }

        var target = await NewAsync(kind);
        _ = await RestoreAsync(target);
        var rows = Rows(target);
        var refused = await Assert.ThrowsAsync<BackupException>(() => RestoreAsync(target));
        Assert.Contains("holds records", refused.Message, StringComparison.Ordinal);
        Assert.Equal(rows, Rows(target));
    }

    private static long Rows(JournalPlan journal)
    {
        using var source = journal.OpenSource();
        return JournalVerifier.Verify(source).Lines.Sum(l => l.Records);
    }

    private static async Task<long> InspectAsync(SupervisorRig rig, string incarnation, long from, params string[] ids)
    {
        var grant = await rig.AcquireAsync(incarnation);
        _ = await rig.AnnounceAsync(grant.Epoch, from, ids);
        for (var i = 0; i < ids.Length; i++)
        {
            _ = await rig.DecideAsync(grant.Epoch, from + i, i % 2 == 0 ? 0f : 2f);
        }

        return grant.Epoch;
    }

    private static HashSet<TriggerKey> KeysOf(SupervisorRig rig) => [.. rig.Records().Select(r => r.Event).OfType<TriggersSeen>()
        .SelectMany(e => e.ExternalIds.Select((_, i) => new TriggerKey(SupervisorRig.Line, e.Station, e.Epoch, e.UpTo - i)))];

    private async Task<JournalPlan> NewAsync(string kind) => kind == "sqlite"
        ? new JournalPlan.Sqlite(Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.db"))
        : (await postgres.NewJournalAsync()).Plan;

    private Task<string> BackupAsync(JournalPlan journal, string name = "backup") => Task.Run(() =>
    {
        var path = Path.Combine(_folder.FullName, name);
        using var tables = journal.OpenTables(path + ".copy");
        _ = BackupWriter.Write(tables, path, "plant", TimeProvider.System);
        return path;
    });

    private async Task<RestoreReport> RestoreAsync(JournalPlan target)
    {
        using var backup = BackupFile.Open(Path.Combine(_folder.FullName, "backup"));
        return await JournalRestore.RunAsync(backup, "plant", [SupervisorRig.Line, Added], () => target.OpenEmptyAsync(default), "test", TimeProvider.System);
    }
}
