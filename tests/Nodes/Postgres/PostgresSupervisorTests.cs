using Akka.Actor;
using Inspection.Audit.Verifying;
using Inspection.Nodes.Supervisor;
using Inspection.Nodes.Tests.Supervisor;
using Inspection.Protocol;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class PostgresSupervisorTests(PostgresFixture postgres)
{
    private static readonly LineId Other = new("l2");

    [Fact]
    public async Task A_line_decides_on_PostgreSQL_and_a_restart_knows_all_of_it()
    {
        var (_, plan) = await postgres.NewJournalAsync();
        await using (var rig = await SupervisorRig.StartAsync(plan))
        {
            await rig.ActivateAsync();
            var grant = await rig.AcquireAsync("i1");
            _ = await rig.AnnounceAsync(grant.Epoch, 1, "a", "b", "c");
            Assert.True((await rig.DecideAsync(grant.Epoch, 1, 0.5f)).Conclusion.IsOk);
            Assert.Equal(Verdict.Ng, (await rig.DecideAsync(grant.Epoch, 2, 2f)).Conclusion.Verdict);
        }

        await using var restarted = await SupervisorRig.StartAsync(plan);
        Assert.Equal((2, "c"), ((await restarted.AcquireAsync("i2")) is var next ? (next.Epoch, next.LastExternalId) : default));
        var status = await restarted.StatusAsync();
        Assert.Equal((3, 2, 1, 0), (status.Accepted, status.Decided, status.Fallback, status.Open));
        using var journal = plan.OpenSource();
        var report = JournalVerifier.Verify(journal);
        Assert.True(report.IsGood, report.ToJson());
        Assert.Equal(status.Head.ToString(), Assert.Single(report.Lines).Head);
    }

    [Fact]
    public async Task Several_lines_start_at_once_and_wake_by_themselves()
    {
        var (database, plan) = await postgres.NewJournalAsync();
        var lines = Enumerable.Range(1, 12).Select(i => new LineId($"l{i}")).ToList();
        await using (var rig = await SupervisorRig.StartAsync(plan))
        {
            await Task.WhenAll(lines.Select(rig.ActivateAsync));
        }

        // rule V1: nobody sends a line a message, but the one that asks whether it is there
        await using var again = await SupervisorRig.StartAsync(plan);
        await Eventually.SeesAsync(
            async () => (await again.System.ActorSelection("/system/sharding/line/*/*/line").ResolvedAsync()).Count,
            n => n == lines.Count,
            $"{lines.Count} lines awake in {database}");
    }

    [Fact]
    public async Task A_flipped_byte_refuses_its_line_names_the_record_and_leaves_the_others_working()
    {
        var (database, plan) = await postgres.NewJournalAsync();
        await using (var rig = await SupervisorRig.StartAsync(plan))
        {
            await rig.ActivateAsync(SupervisorRig.Line);
            await rig.ActivateAsync(Other);
            var grant = await rig.AcquireAsync("i1");
            _ = await rig.AnnounceAsync(grant.Epoch, 1, "a");
            _ = await rig.DecideAsync(grant.Epoch, 1, 0f);
        }

        _ = await postgres.Server.SqlAsync("UPDATE journal SET message = set_byte(message, 40, get_byte(message, 40) # 1) WHERE persistence_id = 'line-l1' AND sequence_number = 4", database);

        await using var damaged = await SupervisorRig.StartAsync(plan);
        var refused = await damaged.AskAsync<LineReplies.Refused>(new LineQueries.GetLineStatus(SupervisorRig.Line));
        Assert.Contains("record 4 of line l1", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await damaged.AskAsync<LineQueries.LineStatus>(new LineQueries.GetLineStatus(Other))).Sequence);
        using (var journal = plan.OpenSource())
        {
            var found = Assert.Single(JournalVerifier.Verify(journal).Findings);
            Assert.Equal((FindingKind.Chain, "l1", 4L), (found.Kind, found.Line, found.Sequence));
        }

        // mended, the line decides again by itself
        _ = await postgres.Server.SqlAsync("UPDATE journal SET message = set_byte(message, 40, get_byte(message, 40) # 1) WHERE persistence_id = 'line-l1' AND sequence_number = 4", database);
        Assert.Equal(2, (await damaged.AcquireAsync("i2")).Epoch);
    }
}
