using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Transparency;

/// <summary>The witness's memory in a SQLite file of its own: a cosigned checkpoint is on disk before it is answered.</summary>
public sealed class SqliteWitnessStore : IWitnessStore, IDisposable
{
    private const string Prepare = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS cosigned (origin TEXT PRIMARY KEY, note BLOB NOT NULL) STRICT";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    private SqliteWitnessStore(string path, SqliteConnection connection) => (_path, _connection) = (path, connection);

    /// <summary>Makes the file where there is none.</summary>
    /// <exception cref="IOException">It is no SQLite file, holds no readable checkpoints, or may not be written; says what to do.</exception>
    public static SqliteWitnessStore Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var store = new SqliteWitnessStore(path, connection);
            using (var command = store.Command(Prepare, null))
            {
                _ = command.ExecuteNonQuery();
            }

            store.ReadAll();
            return store;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new IOException($"the witness's store {path} cannot be used: {e.Message}; check that it is this witness's SQLite file, its folder is writable for this user and the disk has room", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Replace(string origin, Func<SignedNote?, SignedNote?> next)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction(deferred: false); // takes the write lock: another process waits here
            if (next(Held(origin, transaction)) is { } note)
            {
                using var command = Command("INSERT INTO cosigned (origin, note) VALUES ($origin, $note) ON CONFLICT (origin) DO UPDATE SET note = excluded.note", transaction);
                _ = command.Parameters.AddWithValue("$origin", origin);
                _ = command.Parameters.AddWithValue("$note", note.ToBytes());
                _ = command.ExecuteNonQuery();
                transaction.Commit();
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    private SignedNote? Held(string origin, SqliteTransaction transaction)
    {
        using var command = Command("SELECT note FROM cosigned WHERE origin = $origin", transaction);
        _ = command.Parameters.AddWithValue("$origin", origin);
        return command.ExecuteScalar() is byte[] bytes ? SignedNote.Parse(bytes) : null;
    }

    /// <summary>A witness that has forgotten what it cosigned must not start as if it had seen nothing.</summary>
    private void ReadAll()
    {
        using var command = Command("SELECT origin, note FROM cosigned", null);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            try
            {
                var head = Checkpoint.Parse(SignedNote.Parse(rows.GetFieldValue<byte[]>(1)).Text);
                if (head.Origin != rows.GetString(0))
                {
                    throw new NoteException($"it holds a checkpoint of {head.Origin}");
                }
            }
            catch (NoteException e)
            {
                throw new IOException($"the witness's store {_path} is damaged at the log {rows.GetString(0)}: {e.Message}; restore it, or start a new witness with a new key: this one's word would be worth nothing", e);
            }
        }
    }

    private SqliteCommand Command(string sql, SqliteTransaction? transaction)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command;
    }
}
