using Inspection.Audit.Journals;
using Inspection.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Backups;

/// <summary>A SQLite journal without records, locked against others, that a backup is restored into.</summary>
public sealed class EmptySqlite : IEmptyJournal
{
    /// <summary>As Akka.Persistence.Sql makes them.</summary>
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            created INTEGER NOT NULL,
            deleted Bit NOT NULL,
            persistence_id NVarChar(255) NOT NULL,
            sequence_number INTEGER NOT NULL,
            message VarBinary NOT NULL,
            tags NVarChar(100) NULL,
            manifest NVarChar(500) NULL,
            identifier INTEGER NULL,
            writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id NVarChar(255) NOT NULL,
            sequence_number INTEGER NOT NULL,
            created INTEGER NOT NULL,
            snapshot VarBinary NULL,
            manifest NVarChar(500) NULL,
            serializer_id INTEGER NULL,
            CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number));
        """;

    private readonly string _path;
    private readonly JournalLock _lock;
    private readonly SqliteConnection _connection;

    private EmptySqlite(string path, JournalLock @lock, SqliteConnection connection)
    {
        _path = path;
        _lock = @lock;
        _connection = connection;
    }

    /// <exception cref="BackupException">It holds records.</exception>
    /// <exception cref="JournalUnavailableException">Another process writes to it, or it cannot be made.</exception>
    public static EmptySqlite Open(string path)
    {
        var held = JournalLock.Take(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {Tables}";
            _ = command.ExecuteNonQuery();
            command.CommandText = "SELECT EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM snapshot)";
            return command.ExecuteScalar() is 0L
                ? new EmptySqlite(path, held, connection)
                : throw new BackupException($"the journal {path} holds records: a backup is restored into an empty journal only; name a new file under journal.sqlite, or move this one away");
        }
        catch (Exception e)
        {
            connection.Dispose();
            held.Dispose();
            throw e is SqliteException ? new JournalUnavailableException($"the journal {path} cannot be written: {e.Message}; its folder must be writable for this user and the disk have room", e) : e;
        }
    }

    public void Fill(IEnumerable<BackupRecord> records, IEnumerable<BackupSnapshot> snapshots)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            Insert(transaction, "journal (ordering, persistence_id, sequence_number, created, deleted, message, tags, manifest, identifier, writer_uuid)", records, r =>
                [r.Ordering, r.PersistenceId, r.Sequence, r.Created, r.Deleted, r.Message.ToByteArray(), r.HasTags ? r.Tags : null, r.HasManifest ? r.Manifest : null, r.HasIdentifier ? r.Identifier : null, r.HasWriterUuid ? r.WriterUuid : null]);
            Insert(transaction, "snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)", snapshots, s =>
                [s.PersistenceId, s.Sequence, s.Created, s.HasSnapshot ? s.Snapshot.ToByteArray() : null, s.HasManifest ? s.Manifest : null, s.HasIdentifier ? s.Identifier : null]);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw new JournalUnavailableException($"the journal {_path} cannot be written: {e.Message}; nothing was restored", e);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }

    private void Insert<T>(SqliteTransaction transaction, string into, IEnumerable<T> rows, Func<T, object?[]> values)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        foreach (var row in rows)
        {
            var columns = values(row);
            if (command.Parameters.Count == 0)
            {
                command.CommandText = $"INSERT INTO {into} VALUES ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})";
                for (var i = 0; i < columns.Length; i++)
                {
                    _ = command.Parameters.AddWithValue($"$p{i}", DBNull.Value);
                }
            }

            for (var i = 0; i < columns.Length; i++)
            {
                command.Parameters[i].Value = columns[i] ?? DBNull.Value;
            }

            _ = command.ExecuteNonQuery();
        }
    }
}
