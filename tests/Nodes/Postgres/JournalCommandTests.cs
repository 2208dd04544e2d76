using Inspection.Commands;
using Inspection.Nodes.Tests.Supervisor;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

/// <summary>The command line on a PostgreSQL plant: what an operator types.</summary>
[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class JournalCommandTests(PostgresFixture postgres) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-journal-command-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Backup_restore_and_audit_work_by_plant_file()
    {
        var (database, plan) = await postgres.NewJournalAsync();
        var source = PlantFile("source", postgres.Server.ConnectionString(database));
        await using (var rig = await SupervisorRig.StartAsync(plan))
        {
            await rig.ActivateAsync();
            var grant = await rig.AcquireAsync("i1");
            _ = await rig.AnnounceAsync(grant.Epoch, 1, "a", "b");
            _ = await rig.DecideAsync(grant.Epoch, 1, 0f);
            Assert.Equal(ExitCodes.Good, await RunAsync("journal", "backup", "--plant", source, "--out", At("b")));
            Assert.Equal(ExitCodes.BadInput, await RunAsync("journal", "backup", "--plant", source, "--out", At("b")));
        }

        var target = PlantFile("target", postgres.Server.ConnectionString((await postgres.NewJournalAsync()).Database));
        Assert.Equal(ExitCodes.BadInput, await RunAsync("journal", "restore", "--plant", PlantFile("other", postgres.Server.ConnectionString(database), "another"), "--from", At("b")));
        Assert.Equal(ExitCodes.BadInput, await RunAsync("journal", "restore", "--plant", source, "--from", At("b")));
        Assert.Equal(ExitCodes.Good, await RunAsync("journal", "restore", "--plant", target, "--from", At("b")));
        foreach (var plant in new[] { source, target })
        {
            Assert.Equal(ExitCodes.Good, await RunAsync("audit", "verify", "--plant", plant));
            Assert.Equal(ExitCodes.Good, await RunAsync("audit", "replay", "--level", "R0", "--plant", plant));
        }

        Assert.Equal(ExitCodes.Good, await RunAsync("audit", "export", "--plant", target, "--out", At("bundle")));
        Assert.Equal(ExitCodes.Good, await RunAsync("audit", "verify", At("bundle")));
        _ = await postgres.Server.SqlAsync("UPDATE journal SET message = set_byte(message, 40, get_byte(message, 40) # 1) WHERE persistence_id = 'line-l1' AND sequence_number = 3", database);
        Assert.Equal(ExitCodes.BadAnswer, await RunAsync("audit", "verify", "--plant", source));
        Assert.Equal(ExitCodes.BadAnswer, await RunAsync("journal", "backup", "--plant", source, "--out", At("damaged")));
        Assert.Equal(ExitCodes.Environment, await RunAsync("audit", "verify", "--plant", PlantFile("wrong", postgres.Server.ConnectionString(database, password: "another"))));
    }

    private static Task<int> RunAsync(params string[] arguments) => CommandTree.RunAsync(arguments);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string PlantFile(string name, string connectionString, string plant = "plant")
    {
        var file = At($"{name}.yaml");
        File.WriteAllText(file, $$"""
            plant: {{plant}}
            journal: { postgres: "{{connectionString}}" }
            lines:
              - line: l1
                recipe: { name: r, coarse: coarse }
                stations:
                  - station: s1
                    cameras:
                      - { camera: c1, folder: pictures }
            """);
        return file;
    }
}
