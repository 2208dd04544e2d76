using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Tests.Support;
using LinqToDB.Data;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

[Trait("Speed", "Slow")]
[Collection(PostgresCollection.Name)]
public sealed class StartChecksTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_server_that_is_away_may_pass_and_says_where_it_was_sought()
    {
        var refused = await RefusedAsync("Host=127.0.0.1;Port=1;Username=u;Password=hidden;Database=d");
        Assert.True(refused.MayPass, refused.Message);
        Assert.Contains("127.0.0.1:1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("journal.postgres", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_stays_wrong_and_names_the_remedy()
    {
        var server = postgres.Server;
        await AssertWrongAsync(server.ConnectionString(password: "another"), "check Username and Password");
        await AssertWrongAsync(server.ConnectionString(database: "nowhere"), "createdb -O inspection nowhere");

        var (database, _) = await postgres.NewJournalAsync();
        _ = await server.SqlAsync($"CREATE ROLE guest LOGIN PASSWORD 'guest'");
        await AssertWrongAsync(server.ConnectionString(database, "guest", "guest"), "GRANT USAGE, CREATE ON SCHEMA public TO guest");

        // made by its owner, the tables serve a role that may not make any
        _ = await server.SqlAsync(PostgresSchema.Sql + "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", database);
        await AssertWrongAsync(server.ConnectionString(database, "guest", "guest"), "GRANT SELECT, INSERT, UPDATE, DELETE ON journal");
        _ = await server.SqlAsync("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest", database);
        using var store = await JournalStore.OpenAsync(PostgresFixture.Plan(server.ConnectionString(database, "guest", "guest")), default);
        Assert.True((await store.Probe.CheckAsync()).IsGood);
    }

    [Fact]
    public async Task Tables_without_the_fence_between_two_writers_are_refused()
    {
        var (database, plan) = await postgres.NewJournalAsync();
        _ = await postgres.Server.SqlAsync(PostgresSchema.Sql + "ALTER TABLE journal DROP CONSTRAINT journal_uq", database);
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => JournalStore.OpenAsync(plan, default));
        Assert.Contains("CREATE UNIQUE INDEX", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_may_lose_commits_is_refused()
    {
        await using var careless = await PostgresServer.StartAsync("fsync = off");
        await AssertWrongAsync(careless.ConnectionString(), "fsync = on");
        await careless.StopAsync();
        await careless.SetAsync("fsync = on", "full_page_writes = off");
        await careless.StartAgainAsync();
        await AssertWrongAsync(careless.ConnectionString(), "full_page_writes = on");
    }

    [Theory]
    [InlineData("off", "on")]
    [InlineData("local", "on")]
    [InlineData("remote_write", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task Every_connection_waits_for_the_disk_whatever_the_database_is_set_to(string set, string holds)
    {
        var (database, plan) = await postgres.NewJournalAsync();
        _ = await postgres.Server.SqlAsync($"ALTER DATABASE {database} SET synchronous_commit = '{set}'", "postgres");
        using var store = await JournalStore.OpenAsync(plan, default);
        for (var i = 0; i < 3; i++)
        {
            await using var connection = new DataConnection(store.DataOptions);
            Assert.Equal(holds, await connection.ExecuteAsync<string>("SHOW synchronous_commit"));
        }
    }

    [Fact]
    public async Task Two_nodes_may_make_the_tables_at_the_same_time()
    {
        var (_, plan) = await postgres.NewJournalAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => JournalStore.OpenAsync(plan, default)));
        Assert.All(stores, s => s.Dispose());
    }

    [Fact]
    public async Task A_node_of_a_cluster_waits_for_its_database_and_says_so_once()
    {
        await using var server = await PostgresServer.StartAsync();
        var plan = PostgresFixture.Plan(server.ConnectionString());
        await server.StopAsync();
        var (said, time) = (new List<string>(), new FakeTimeProvider());
        var opening = JournalStore.OpenWhenReachableAsync(plan, said.Add, time, default);
        await Eventually.SeesAsync(() => Task.FromResult(said.Count), n => n > 0, "the reason for waiting");
        Assert.False(opening.IsCompleted);

        await server.StartAgainAsync();
        using var store = await Eventually.SeesAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return Task.FromResult(opening.IsCompleted ? opening.Result : null);
            },
            s => s is not null,
            "an open journal");
        Assert.StartsWith("waiting for the journal: PostgreSQL journal plant on 127.0.0.1:", said[0], StringComparison.Ordinal);
        Assert.InRange(said.Count, 1, 3); // away, and perhaps starting
    }

    [Fact]
    public async Task Waiting_does_not_hide_what_is_wrong()
    {
        var plan = PostgresFixture.Plan(postgres.Server.ConnectionString(password: "another"));
        _ = await Assert.ThrowsAsync<JournalUnavailableException>(() => JournalStore.OpenWhenReachableAsync(plan, Assert.Fail, TimeProvider.System, default));
    }

    private static Task<JournalUnavailableException> RefusedAsync(string connectionString) =>
        Assert.ThrowsAsync<JournalUnavailableException>(() => JournalStore.OpenAsync(PostgresFixture.Plan(connectionString), default));

    private static async Task AssertWrongAsync(string connectionString, string remedy)
    {
        var refused = await RefusedAsync(connectionString);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        Assert.False(refused.MayPass, refused.Message);
    }
}
