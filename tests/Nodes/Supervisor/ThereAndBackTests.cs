using Akka.Actor;
using Akka.Persistence;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Inspection.Nodes.Tests.Postgres;
using Inspection.Protocol;
using Inspection.Tests.Support;
using Xunit;

namespace Inspection.Nodes.Tests.Supervisor;

/// <summary>
/// Rules V1 and J6: what writes the journal moves to another node and back, and both processes live on: by a rebalance, or because a frozen
/// node goes on before it learns that it was removed. Every later start reads all records.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class ThereAndBackTests(PostgresFixture postgres) : IDisposable
{
    private const int Moves = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_line_reads_what_it_wrote_on_both_nodes()
    {
        var plan = await PlanAsync("line");
        await using var here = await SupervisorRig.StartAsync(plan);
        await using var there = await SupervisorRig.StartAsync(plan);
        for (var move = 0; move < Moves; move++)
        {
            var line = (move % 2 == 0 ? here : there).System.ActorOf(LineSupervisor.Props(SupervisorRig.Line, MonotonicClock.System));
            if (move == 0)
            {
                _ = await line.Ask<LineReplies.Activated>(SupervisorRig.Model(SupervisorRig.Line), Patience);
            }

            _ = await line.Ask<LineReplies.Activated>(SupervisorRig.Recipe(SupervisorRig.Line, TimeSpan.FromMinutes(move + 1)), Patience);
            Assert.True(await line.GracefulStop(Patience));
            Assert.Equal(move + 2, here.Records().Count);
        }
    }

    [Fact]
    public async Task The_builder_of_the_log_goes_on_where_the_other_node_was()
    {
        var database = await postgres.Server.NewDatabaseAsync("back_log");
        var plant = PlantReader.Read(_scratch.File("plant.yaml", $$"""
            plant: tested
            journal: { postgres: "{{database}}" }
            log: { key: log.key }
            lines: [ { line: l1, recipe: { name: r, coarse: none }, stations: [ { station: s1, cameras: [ { camera: c1, folder: none } ] } ] } ]
            """));
        using var setup = LogSetup.Open(plant, makesKey: true);
        await using var here = await SupervisorRig.StartAsync(plant.Journal);
        await using var there = await SupervisorRig.StartAsync(plant.Journal);
        await here.ActivateAsync();
        var epoch = (await here.AcquireAsync("i1")).Epoch;
        for (var move = 0; move < Moves; move++)
        {
            _ = await here.AnnounceAsync(epoch, move + 1, $"part-{move}");
            _ = await here.DecideAsync(epoch, move + 1, 0.1f);
            var builder = (move % 2 == 0 ? here : there).System.ActorOf(LogBuilder.Props(setup, MonotonicClock.System));
            _ = await builder.Ask<LogBuilder.Flushed>(new LogBuilder.Flush(), Patience);
            using var journal = plant.Journal.OpenSource();
            var report = JournalVerifier.Verify(journal, new LogTrust(NoteKeyFile.Verifiers(_scratch["log.key.pub"], NoteKeyKind.Ed25519), [], []));
            Assert.True(report.IsGood && report.Lines.All(l => l.Records == l.Logged), $"after move {move}: {report.ToJson()}");
            Assert.True(await builder.GracefulStop(Patience));
        }
    }

    /// <summary>As sharding's own actors, which remember the lines of a shard: they have no chain.</summary>
    [Fact]
    public async Task What_has_no_chain_reads_every_record_too()
    {
        var plan = await PlanAsync("plain");
        await using var here = await SupervisorRig.StartAsync(plan);
        await using var there = await SupervisorRig.StartAsync(plan);
        for (var move = 0; move < Moves; move++)
        {
            var plain = (move % 2 == 0 ? here : there).System.ActorOf(Props.Create(() => new Plain()));
            Assert.Equal(move + 1, await plain.Ask<int>(new Sealed("plain", new byte[] { 1 }), Patience));
            Assert.True(await plain.GracefulStop(Patience));
        }
    }

    private async Task<JournalPlan.Postgres> PlanAsync(string database) => new(new(await postgres.Server.NewDatabaseAsync("back_" + database)));

    /// <summary>Keeps records and says how many it has.</summary>
    private sealed class Plain : UntypedPersistentActor
    {
        private int _records;

        public override string PersistenceId => "plain";

        protected override void OnRecover(object message) => _records += message is Sealed ? 1 : 0;

        protected override void OnCommand(object message) => Persist((Sealed)message, _ => Sender.Tell(++_records));
    }
}
