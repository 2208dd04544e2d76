using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Tests.Support;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

/// <summary>One server for the tests that do not stop it, with a database of its own for each.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private int _databases;

    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal async Task<(string Database, JournalPlan Plan)> NewJournalAsync()
    {
        var name = $"plant{Interlocked.Increment(ref _databases)}";
        return (name, Plan(await Server.NewDatabaseAsync(name)));
    }

    internal static JournalPlan Plan(string connectionString) => new JournalPlan.Postgres(new PostgresAddress(connectionString));
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
