using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Tests.Support;
using LinqToDB.Data;
using Xunit;

namespace Inspection.Nodes.Tests.Plants;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_connection_waits_in_SQLite_for_another_writer_and_is_durable()
    {
        using var store = await JournalStore.OpenAsync(new JournalPlan.Sqlite(_scratch["journal.sqlite"]), CancellationToken.None);
        for (var i = 0; i < 2; i++) // a new one, and one of the pool
        {
            await using var connection = new DataConnection(store.DataOptions);
            Assert.Equal(1_000, await connection.ExecuteAsync<long>("PRAGMA busy_timeout"));
            Assert.Equal(2, await connection.ExecuteAsync<long>("PRAGMA synchronous"));
        }
    }
}
