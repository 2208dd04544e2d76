using System.Data;
using System.Data.Common;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>
/// Rule J6 for embedded mode: one SQLite file in WAL mode with synchronous FULL, which is set and checked on every connection that is
/// opened, and a lock file that keeps a second writer out while `audit` may read.
/// </summary>
public sealed class SqliteJournal : IDisposable
{
    public const string ProviderName = "SQLite.MS";

    private readonly FileStream _lock;

    private SqliteJournal(string path, FileStream @lock)
    {
        FilePath = path;
        _lock = @lock;
    }

    public string FilePath { get; }

    public string ConnectionString => ConnectionStringFor(FilePath);

    /// <summary>What the plugin opens its connections with.</summary>
    public DataOptions DataOptions => new DataOptions().UseConnectionString(ProviderName, ConnectionString).UseInterceptor(new DurableConnections());

    /// <exception cref="JournalUnavailableException">The file cannot be written, another process writes it, or it cannot be made durable.</exception>
    public static SqliteJournal Open(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        FileStream? held = null;
        try
        {
            _ = Directory.CreateDirectory(folder);
            held = Hold(path + ".lock", path);
            using var connection = new SqliteConnection(ConnectionStringFor(path));
            connection.Open();
            Pragma(connection, "journal_mode", "WAL", "wal");
            DurableConnections.Secure(connection);
            ProveWritable(connection);
            return new SqliteJournal(path, held);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new JournalUnavailableException($"journal {path}: {Reason(e)}. Nothing was started: without a journal no part may pass. Check the folder's rights, free space and that the file is a journal of this program", e);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        SqliteConnection.ClearAllPools();
    }

    private static string ConnectionStringFor(string path) => new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, DefaultTimeout = 30 }.ToString();

    private static FileStream Hold(string lockFile, string journal)
    {
        try
        {
            return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(lockFile) && e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw new JournalUnavailableException($"journal {journal} is in use by another process (it holds {lockFile}). Stop that process, or use another journal", e);
        }
    }

    /// <summary>A real write, rolled back: a read-only file or a full disk shows here and not at the first part.</summary>
    private static void ProveWritable(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(IsolationLevel.Serializable, deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "CREATE TABLE inspection_write_probe (x INTEGER); INSERT INTO inspection_write_probe VALUES (1); DROP TABLE inspection_write_probe;";
        _ = command.ExecuteNonQuery();
        transaction.Rollback();
    }

    private static string Reason(Exception e) => e is SqliteException sqlite ? $"{sqlite.Message.TrimEnd('.')} (SQLite code {sqlite.SqliteErrorCode})" : e.Message.TrimEnd('.');

    private static void Pragma(DbConnection connection, string name, string value, string expected)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {name}={value}; PRAGMA {name};";
        var got = Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (!string.Equals(got, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new JournalUnavailableException($"journal {connection.DataSource}: PRAGMA {name} is '{got}' after asking for '{value}': committed verdicts could be lost at a power cut. Use a local file system that supports it");
        }
    }

    /// <summary>Runs on every connection linq2db opens.</summary>
    private sealed class DurableConnections : ConnectionInterceptor
    {
        public static void Secure(DbConnection connection) => Pragma(connection, "synchronous", "FULL", "2");

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) => Secure(connection);

        public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            Secure(connection);
            return Task.CompletedTask;
        }
    }
}
