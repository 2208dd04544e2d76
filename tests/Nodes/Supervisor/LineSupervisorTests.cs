using Akka.Actor;
using Inspection.Audit.Verifying;
using Inspection.Decisions.Ledger;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Inspection.Nodes.Tests.Supervisor;

[Trait("Speed", "Slow")]
public sealed class LineSupervisorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-supervisor-");

    private string Journal => Path.Combine(_folder.FullName, "journal.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_killed_supervisor_comes_back_by_itself_with_all_it_knew()
    {
        await using var rig = await SupervisorRig.StartAsync(Journal);
        await rig.ActivateAsync();
        var grant = await rig.AcquireAsync("i1");
        _ = await rig.AnnounceAsync(grant.Epoch, 1, "a", "b", "c");
        Assert.True((await rig.DecideAsync(grant.Epoch, 1, 0.5f)).Conclusion.IsOk);

        // rule V1: nobody sends it a message but the killer; its own record proves that it woke
        var before = await rig.StatusAsync();
        rig.System.ActorSelection("/system/sharding/line/*/*/line").Tell(Kill.Instance);

        // rule L2: the same holder goes on in the same epoch
        _ = await rig.AskAsync<LineReplies.StationRenewed>(new LineCommands.RenewStation(SupervisorRig.Line, SupervisorRig.Station, grant.Epoch, SupervisorRig.Node, "i1"));
        var after = await rig.StatusAsync();
        Assert.Equal((before.Accepted, before.Decided, before.Open, before.Head), (after.Accepted, after.Decided, after.Open, after.Head));
        Assert.True((await rig.DecideAsync(grant.Epoch, 1, 9f)).Conclusion.IsOk, "a concluded part is answered again with its first verdict (V3)");
        _ = await rig.AnnounceAsync(grant.Epoch, 2, "b", "c"); // as a station does when another supervisor answers: how much time is left (P4)
        Assert.Equal(Verdict.Ng, (await rig.DecideAsync(grant.Epoch, 2, 2f)).Conclusion.Verdict);
        Assert.True((await rig.DecideAsync(grant.Epoch, 3, 0f)).Conclusion.IsOk);
        Assert.Equal(3, rig.Records().Count(r => r.Event is PartConcluded));
    }

    [Fact]
    public async Task A_restarted_holder_gets_a_new_epoch_and_its_open_parts_are_lost_at_source()
    {
        await using (var rig = await SupervisorRig.StartAsync(Journal))
        {
            await rig.ActivateAsync();
            var grant = await rig.AcquireAsync("i1");
            _ = await rig.AnnounceAsync(grant.Epoch, 1, "a", "b");
            _ = await rig.DecideAsync(grant.Epoch, 1, 0f);
        }

        await using var restarted = await SupervisorRig.StartAsync(Journal);
        var next = await restarted.AcquireAsync("i2");

        Assert.Equal((2, "b"), (next.Epoch, next.LastExternalId));
        var events = restarted.Records().Select(r => r.Event).ToList();
        var lost = Assert.Single(events.OfType<PartsFellBack>());
        Assert.Equal((2, 2, FallbackReason.LostAtSource), (lost.From, lost.To, lost.Reason));
        Assert.Equal(EpochTail.Unknown, Assert.Single(events.OfType<EpochEnded>()).Tail);
        Assert.True(events.FindIndex(e => e is EpochEnded) < events.FindLastIndex(e => e is EpochGranted));
        Assert.IsType<LineReplies.StaleEpoch>(await restarted.AskAsync<LineReplies.StaleEpoch>(new LineCommands.RenewStation(SupervisorRig.Line, SupervisorRig.Station, 1, SupervisorRig.Node, "i1")));
    }

    [Fact]
    public async Task A_recovery_from_snapshot_and_tail_knows_what_a_whole_replay_knows()
    {
        var parts = new LedgerOptions().SnapshotEvery + 300;
        await using (var rig = await SupervisorRig.StartAsync(Journal))
        {
            await rig.ActivateAsync();
            var grant = await rig.AcquireAsync("i1");
            for (var from = 1; from <= parts; from += 100)
            {
                var ids = Enumerable.Range(from, Math.Min(100, parts - from + 1)).Select(i => $"p{i}").ToArray();
                _ = await rig.AnnounceAsync(grant.Epoch, from, ids);
                await rig.DecideAllAsync(grant.Epoch, Enumerable.Range(from, ids.Length).Select(c => (long)c), 0f);
            }
        }

        using (var connection = new SqliteConnection($"Data Source={Journal};Pooling=False"))
        {
            connection.Open();
            using var count = connection.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM snapshot WHERE persistence_id = 'line-l1'";
            Assert.True(Convert.ToInt64(count.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0, "no snapshot was stored");
        }

        await using var recovered = await SupervisorRig.StartAsync(Journal);
        var status = await recovered.StatusAsync();
        Assert.Equal((parts, parts, 0), (status.Accepted, status.Decided, status.Open));
        Assert.Equal(recovered.Records()[^1].Hash, status.Head);
        var again = await recovered.DecideAsync(1, parts, 9f);
        Assert.True(again.Conclusion.IsOk);
        using var journal = Audit.Journals.SqliteJournal.Open(Journal);
        Assert.Empty(JournalVerifier.Verify(journal).Findings);
    }

    [Fact]
    public async Task A_flipped_byte_refuses_the_start_and_names_the_record()
    {
        await using (var rig = await SupervisorRig.StartAsync(Journal))
        {
            await rig.ActivateAsync();
            var grant = await rig.AcquireAsync("i1");
            _ = await rig.AnnounceAsync(grant.Epoch, 1, "a");
            _ = await rig.DecideAsync(grant.Epoch, 1, 0f);
        }

        using (var connection = new SqliteConnection($"Data Source={Journal};Pooling=False"))
        {
            connection.Open();
            using var flip = connection.CreateCommand();
            flip.CommandText = "UPDATE journal SET message = CAST(substr(message, 1, 40) || x'5A' || substr(message, 42) AS BLOB) WHERE persistence_id = 'line-l1' AND sequence_number = 4";
            Assert.Equal(1, flip.ExecuteNonQuery());
        }

        var refused = await Assert.ThrowsAsync<BrokenChainException>(() => SupervisorRig.StartAsync(Journal));
        Assert.Equal((SupervisorRig.Line, 4L), (refused.Line, refused.Sequence));
    }

    [Fact]
    public async Task A_second_writer_is_kept_out()
    {
        await using var rig = await SupervisorRig.StartAsync(Journal);
        var refused = await Assert.ThrowsAsync<Audit.Journals.JournalUnavailableException>(() => SupervisorRig.StartAsync(Journal));
        Assert.Contains(Journal, refused.Message, StringComparison.Ordinal);
    }
}
