using Inspection.Audit.Journals;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>
/// One SQLite file, held by one process, every record checked before anything starts (rule J1), synchronous = FULL set and checked on
/// every connection that is opened.
/// </summary>
internal sealed class SqliteStore : JournalStore
{
    /// <summary>
    /// Lines, the log and the cluster write through connections of their own, and one waits for another's commit. SQLite's own wait looks again
    /// within milliseconds; the driver's, which follows it, every 150 ms: a verdict would wait so long for a log's commit of two.
    /// </summary>
    private const string Prepare = "PRAGMA synchronous=FULL; PRAGMA synchronous; PRAGMA busy_timeout=1000;";

    private readonly GuardedJournal _journal;
    private readonly JournalLock _lock;

    private SqliteStore(GuardedJournal journal, JournalLock @lock)
    {
        _journal = journal;
        _lock = @lock;
    }

    public override string Description => $"journal {_journal.Path}";

    public override string ProviderName => LinqToDB.ProviderName.SQLiteMS;

    public override string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _journal.Path, Mode = SqliteOpenMode.ReadWriteCreate, DefaultTimeout = 30 }.ToString();

    public override DataOptions DataOptions => new DataOptions().UseConnectionString(ProviderName, ConnectionString).UseInterceptor(new DurableConnections(Prepare, CheckDurable));

    internal override bool PluginMakesTables => true;

    public static SqliteStore Open(string path)
    {
        var held = JournalLock.Take(path);
        try
        {
            return new SqliteStore(JournalGuard.VerifyAll(path), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _lock.Dispose();
    }

    private void CheckDurable(string got)
    {
        if (got != "2")
        {
            throw new JournalUnavailableException($"{Description}: synchronous is {got} after asking for FULL (2): a committed verdict could be lost with the power");
        }
    }
}
