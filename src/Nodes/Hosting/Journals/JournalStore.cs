using System.Data.Common;
using System.Globalization;
using Inspection.Audit.Journals;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>
/// The writer's side of embedded mode's journal (rule J6): one SQLite file, held by one process, every record checked before anything
/// starts (rule J1), synchronous = FULL set and checked on every connection that is opened.
/// </summary>
public sealed class JournalStore : IDisposable
{
    public const string ProviderName = "SQLite.MS";

    private readonly JournalLock _lock;

    private JournalStore(GuardedJournal journal, JournalLock @lock)
    {
        Journal = journal;
        _lock = @lock;
    }

    /// <summary>What was there at the start.</summary>
    public GuardedJournal Journal { get; }

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Journal.Path, Mode = SqliteOpenMode.ReadWriteCreate, DefaultTimeout = 30 }.ToString();

    /// <summary>What the persistence plugin opens its connections with.</summary>
    public DataOptions DataOptions => new DataOptions().UseConnectionString(ProviderName, ConnectionString).UseInterceptor(new DurableConnections());

    /// <exception cref="JournalUnavailableException">It cannot be written, another process writes it, or it cannot be made durable.</exception>
    /// <exception cref="Protocol.BrokenChainException">A stored record was changed; it names the record.</exception>
    public static JournalStore Open(string path)
    {
        var held = JournalLock.Take(path);
        try
        {
            return new JournalStore(JournalGuard.VerifyAll(path), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _lock.Dispose();
    }

    private sealed class DurableConnections : ConnectionInterceptor
    {
        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) => Secure(connection);

        public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            Secure(connection);
            return Task.CompletedTask;
        }

        private static void Secure(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous=FULL; PRAGMA synchronous;";
            var got = Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
            if (got != 2)
            {
                throw new JournalUnavailableException($"journal {connection.DataSource}: synchronous is {got} after asking for FULL (2): a committed verdict could be lost with the power");
            }
        }
    }
}
