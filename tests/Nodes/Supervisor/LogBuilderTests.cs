using System.Net;
using Akka.Actor;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Inspection.Nodes.Tests.Postgres;
using Inspection.Protocol;
using Inspection.Tests.Support;
using Inspection.Tests.Support.Cluster;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Inspection.Nodes.Tests.Supervisor;

/// <summary>Rule J8 on both stores: a real ledger writes, the builder follows, a real witness cosigns over HTTP.</summary>
[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class LogBuilderTests(PostgresFixture postgres) : IDisposable
{
    private const string Name = "witness.example/w1";

    /// <summary>A round writes two records, so every third one is followed by a snapshot.</summary>
    private const int SnapshotEvery = 6;

    private readonly Scratch _scratch = new();
    private readonly int _port = Ports.Free();
    private long _counter;

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task It_goes_on_from_its_snapshot_and_proves_growth_to_a_witness_that_was_away(string store)
    {
        _ = NoteKeyFile.Create(_scratch["witness.key"], Name, NoteKeyKind.Cosignature);
        var plant = PlantReader.Read(_scratch.File("plant.yaml", $$"""
            plant: tested
            journal: { {{(store == "sqlite" ? "sqlite: journal.db" : $"postgres: \"{await postgres.Server.NewDatabaseAsync("logged")}\"")}} }
            log: { key: log.key, witnesses: [ { address: "http://127.0.0.1:{{_port}}", key: witness.key.pub } ] }
            lines: [ { line: l1, recipe: { name: r, coarse: none }, stations: [ { station: s1, cameras: [ { camera: c1, folder: none } ] } ] } ]
            """));
        using var setup = LogSetup.Open(plant, makesKey: true);
        await using var rig = await SupervisorRig.StartAsync(plant.Journal);
        await rig.ActivateAsync();
        var epoch = (await rig.AcquireAsync("i1")).Epoch;

        IActorRef builder;
        await using (await WitnessAsync(setup))
        {
            builder = rig.System.ActorOf(LogBuilder.Props(setup, MonotonicClock.System, SnapshotEvery));
            await DecideAsync(rig, builder, epoch, parts: 2);
            _ = Verify(plant);
        }

        // away for longer than the builder's tree goes back; and the builder starts anew from a snapshot meanwhile
        await DecideAsync(rig, builder, epoch, parts: 6);
        Assert.Contains("does not answer", setup.Health.Report?.Trouble, StringComparison.Ordinal);
        Assert.True(await builder.GracefulStop(TimeSpan.FromMinutes(1)));
        if (plant.Journal is JournalPlan.Sqlite file)
        {
            Forget(file.Path, upTo: 4);
        }

        builder = rig.System.ActorOf(LogBuilder.Props(setup, MonotonicClock.System, SnapshotEvery));
        await DecideAsync(rig, builder, epoch, parts: 1);
        if (plant.Journal is JournalPlan.Sqlite damaged)
        {
            Remember(damaged.Path);
        }

        await using (await WitnessAsync(setup))
        {
            _ = await Eventually.SeesAsync(
                async () =>
                {
                    await FlushAsync(builder);
                    return setup.Health.Report;
                },
                r => r is { Trouble: null } && r.Cosigned == r.Leaves,
                "all leaves to be cosigned");
            await DecideAsync(rig, builder, epoch, parts: 1);
            var log = Verify(plant);
            Assert.Equal(log.Leaves, log.Cosigned);
        }
    }

    /// <summary>A node that was frozen goes on building until it learns that it was removed: the log has no hole, whoever of the two is stopped.</summary>
    [Fact]
    public async Task Two_builders_at_once_leave_a_log_that_one_of_them_can_go_on_with()
    {
        _ = NoteKeyFile.Create(_scratch["witness.key"], Name, NoteKeyKind.Cosignature);
        var plant = PlantReader.Read(_scratch.File("plant.yaml", $$"""
            plant: tested
            journal: { postgres: "{{await postgres.Server.NewDatabaseAsync("twice")}}" }
            log: { key: log.key }
            lines: [ { line: l1, recipe: { name: r, coarse: none }, stations: [ { station: s1, cameras: [ { camera: c1, folder: none } ] } ] } ]
            """));
        using var setup = LogSetup.Open(plant, makesKey: true);
        using var other = LogSetup.Open(plant, makesKey: false);
        await using var rig = await SupervisorRig.StartAsync(plant.Journal);
        await using var second = await SupervisorRig.StartAsync(plant.Journal);
        await rig.ActivateAsync();
        var epoch = (await rig.AcquireAsync("i1")).Epoch;
        var zombie = rig.System.StartLogBuilder(setup, MonotonicClock.System);
        await DecideAsync(rig, zombie, epoch, parts: 3);
        var builder = second.System.StartLogBuilder(other, MonotonicClock.System);
        for (var i = 0; i < 40; i++)
        {
            _ = await rig.AnnounceAsync(epoch, ++_counter, $"part-{_counter}");
            _ = await rig.DecideAsync(epoch, _counter, 0.1f);
            zombie.Tell(new LogBuilder.Flush());
            builder.Tell(new LogBuilder.Flush());
        }

        Assert.True(await zombie.GracefulStop(TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 2; i++)
        {
            _ = await rig.AnnounceAsync(epoch, ++_counter, $"part-{_counter}");
            _ = await rig.DecideAsync(epoch, _counter, 0.1f);
        }

        _ = await Eventually.SeesAsync(
            async () =>
            {
                builder.Tell(new LogBuilder.Flush()); // lost where it is just beginning again
                await Task.Yield();
                using var journal = plant.Journal.OpenSource();
                return JournalVerifier.Verify(journal, new LogTrust(NoteKeyFile.Verifiers(_scratch["log.key.pub"], NoteKeyKind.Ed25519), [], []));
            },
            r => r.IsGood && r.Lines.All(l => l.Records == l.Logged),
            "all records to be under a checkpoint of the builder that is left");
    }

    /// <summary>Every part is decided and under a checkpoint before the next.</summary>
    private async Task DecideAsync(SupervisorRig rig, IActorRef builder, long epoch, int parts)
    {
        for (var i = 0; i < parts; i++)
        {
            _ = await rig.AnnounceAsync(epoch, ++_counter, $"part-{_counter}");
            _ = await rig.DecideAsync(epoch, _counter, 0.1f);
            await FlushAsync(builder);
        }
    }

    private static async Task FlushAsync(IActorRef builder) => _ = await builder.Ask<LogBuilder.Flushed>(new LogBuilder.Flush(), TimeSpan.FromMinutes(2));

    private LogVerification Verify(Plant plant)
    {
        using var source = plant.Journal.OpenSource();
        var report = JournalVerifier.Verify(source, new LogTrust(
            NoteKeyFile.Verifiers(_scratch["log.key.pub"], NoteKeyKind.Ed25519),
            NoteKeyFile.Verifiers(_scratch["witness.key.pub"], NoteKeyKind.Cosignature),
            []));
        Assert.True(report.IsGood, report.ToJson());
        Assert.All(report.Lines, l => Assert.Equal(l.Records, l.Logged));
        return report.Log!;
    }

    private async Task<IAsyncDisposable> WitnessAsync(LogSetup setup)
    {
        var key = NoteKeyFile.Open(_scratch["witness.key"], Name, NoteKeyKind.Cosignature);
        var store = SqliteWitnessStore.Open(_scratch["witness.db"]);
        var server = await WitnessServer.StartAsync(IPAddress.Loopback, _port, new Witness(key, new[] { setup.Signer.Verifier }.ToLookup(k => k.Name), store, TimeProvider.System));
        return new Running(server, key, store);
    }

    /// <summary>Records before the snapshot, put aside: whoever reads them again notices.</summary>
    private static void Forget(string journal, int upTo) => Execute(journal, $"UPDATE journal SET persistence_id = 'aside' WHERE persistence_id = 'log' AND sequence_number <= {upTo}");

    private static void Remember(string journal) => Execute(journal, "UPDATE journal SET persistence_id = 'log' WHERE persistence_id = 'aside'");

    private static void Execute(string journal, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False;Default Timeout=30");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0, sql);
    }

    private sealed class Running(WitnessServer server, NoteSigner key, SqliteWitnessStore store) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            store.Dispose();
            key.Dispose();
        }
    }
}
