using Google.Protobuf;
using Inspection.Audit.Journals;
using Inspection.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Backups;

/// <summary>
/// A copy of a SQLite journal, taken with SQLite's online backup while a run goes on, and deleted afterwards. From the copy, so that a
/// long read does not keep the running journal from checkpointing.
/// </summary>
public sealed class SqliteTables : IJournalTables
{
    private const string JournalRows = "SELECT ordering, persistence_id, sequence_number, created, deleted, message, tags, manifest, identifier, writer_uuid FROM journal ORDER BY persistence_id, sequence_number";
    private const string SnapshotRows = "SELECT persistence_id, sequence_number, created, snapshot, manifest, serializer_id FROM snapshot ORDER BY persistence_id, sequence_number";

    private readonly string _copy;
    private readonly SqliteConnection _connection;

    private SqliteTables(string copy, SqliteConnection connection)
    {
        _copy = copy;
        _connection = connection;
    }

    /// <param name="path">The journal.</param>
    /// <param name="copy">A file that is not there, where there is as much room as the journal takes.</param>
    /// <exception cref="JournalUnavailableException">No journal there, or not readable.</exception>
    public static SqliteTables CopyOf(string path, string copy)
    {
        SqliteJournal.Open(path).Dispose(); // says what is wrong with it
        File.Delete(copy);
        var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            using (var from = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString()))
            {
                from.Open();
                to.Open();
                from.BackupDatabase(to);
            }

            return new SqliteTables(copy, to);
        }
        catch (SqliteException e)
        {
            to.Dispose();
            Remove(copy);
            throw new JournalUnavailableException($"the journal {path} cannot be copied to {copy}: {e.Message}; check that both can be read and written and that the disk has room", e);
        }
    }

    public IEnumerable<BackupRecord> Records() => Read("journal", JournalRows, row => new BackupRecord
    {
        Ordering = row.GetInt64(0),
        PersistenceId = row.GetString(1),
        Sequence = row.GetInt64(2),
        Created = row.GetInt64(3),
        Deleted = row.GetInt64(4) != 0,
        Message = UnsafeByteOperations.UnsafeWrap(row.IsDBNull(5) ? [] : row.GetFieldValue<byte[]>(5)),
    }.With(row.Text(6), row.Text(7), row.Number(8), row.Text(9)));

    public IEnumerable<BackupSnapshot> Snapshots() => Read("snapshot", SnapshotRows, row => new BackupSnapshot
    {
        PersistenceId = row.GetString(0),
        Sequence = row.GetInt64(1),
        Created = row.GetInt64(2),
    }.With(row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3), row.Text(4), row.Number(5)));

    public void Dispose()
    {
        _connection.Dispose();
        Remove(_copy);
    }

    private static void Remove(string copy)
    {
        foreach (var file in new[] { copy, copy + "-wal", copy + "-shm" })
        {
            File.Delete(file);
        }
    }

    private IEnumerable<T> Read<T>(string table, string sql, Func<SqliteDataReader, T> read)
    {
        using var exists = _connection.CreateCommand();
        exists.CommandText = $"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'";
        if (exists.ExecuteScalar() is 0L)
        {
            yield break; // a journal that no line has written to yet
        }

        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return read(rows);
        }
    }
}
