using Inspection.Audit.Journals;
using Inspection.Audit.Verifying;
using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>Any process may die at any moment: its work and its lines go on elsewhere, nothing is lost or decided twice (promises P1 to P3, P7).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class KillTests(RunningPlant running, ITestOutputHelper output)
{
    private ClusterPlant Plant => running.Plant;

    [Theory]
    [InlineData("detector-1")]
    [InlineData("sensor-1")]
    [InlineData("sensor-2")]
    [InlineData("detector-2")]
    public async Task A_killed_node_costs_its_own_work_only(string node)
    {
        _ = await Plant.AllWellAsync();
        Plant.Kill(node);
        await HealedAsync();
    }

    [Fact]
    public async Task The_supervisor_that_holds_a_line_is_killed()
    {
        var status = await Plant.AllWellAsync();
        Plant.Kill(status.Line(ClusterPlant.Drawn).Supervisor);
        await HealedAsync();
    }

    [Fact]
    public async Task The_oldest_supervisor_with_the_shard_coordinator_is_killed()
    {
        _ = await Plant.AllWellAsync();
        Plant.Kill("supervisor-1");
        await HealedAsync();
    }

    [Fact]
    public async Task A_supervisor_and_a_detector_are_killed_at_once()
    {
        var status = await Plant.AllWellAsync();
        Plant.Kill(status.Line(ClusterPlant.Tile).Supervisor);
        Plant.Kill("detector-2");
        await HealedAsync();
    }

    [Fact]
    public async Task Two_of_three_supervisors_are_killed_at_once()
    {
        // rule V8: all nodes end themselves, parts divert, restarted processes resume
        _ = await Plant.AllWellAsync();
        Plant.Kill("supervisor-2");
        Plant.Kill("supervisor-3");
        await HealedAsync();
    }

    [Fact]
    public async Task All_detectors_and_a_supervisor_are_killed_at_once()
    {
        var status = await Plant.AllWellAsync();
        Plant.Kill("detector-1");
        Plant.Kill("detector-2");
        Plant.Kill(status.Line(ClusterPlant.Drawn).Supervisor);
        await HealedAsync();
    }

    [Fact]
    public async Task Sensor_and_supervisor_of_one_line_are_killed_at_once()
    {
        // triggers that were announced to the dead supervisor only: the epoch's end says that its tail is unknown (promise P1)
        var status = await Plant.AllWellAsync();
        var before = await EjectorCheck.IsInOrderAsync(Plant);
        Plant.Kill("sensor-1");
        Plant.Kill(status.Line(ClusterPlant.Tile).Supervisor);
        await HealedAsync();
        var after = await EjectorCheck.IsInOrderAsync(Plant);
        Assert.True(after.UnknownTails > before.UnknownTails, $"an epoch must have ended with an unknown tail: before {before}; after {after}");
    }

    /// <summary>Rule J8: the log is built by one supervisor at a time, and goes on where it was.</summary>
    [Fact]
    public async Task The_builder_of_the_log_is_killed()
    {
        var before = (await Plant.UntilAsync(s => Builder(s) is { Log.Signed: > 0 }, "a supervisor to build the log"))!;
        Plant.Kill(Builder(before)!.Node);
        _ = await Plant.UntilAsync(s => Builder(s) is { } b && b.Log!.Signed > Builder(before)!.Log!.Signed + 2, "the log to grow again");
        await HealedAsync();

        using var journal = PostgresJournal.Open(new PostgresAddress(Plant.Database.ConnectionString()));
        var report = JournalVerifier.Verify(journal, new LogTrust([Plant.LogKey], [], []));
        Assert.True(report.IsGood, report.ToJson());
        output.WriteLine(report.Log!.ToString());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Nodes_drawn_by_lot_are_killed_one_after_the_other(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 4; i++)
        {
            _ = await Plant.AllWellAsync(parts: 2);
            Plant.Kill(Plant.Nodes.ElementAt(random.Next(Plant.Nodes.Count)).Id);
        }

        await HealedAsync();
    }

    private static MemberSeen? Builder(Status status) => status.Members.FirstOrDefault(m => m.Log is not null && m.Reachable);

    private async Task HealedAsync()
    {
        var status = await Plant.AllWellAsync();
        var journal = await EjectorCheck.IsInOrderAsync(Plant);
        output.WriteLine(Plant.Told);
        output.WriteLine(status.ToString());
        output.WriteLine(journal.ToString());
    }
}
