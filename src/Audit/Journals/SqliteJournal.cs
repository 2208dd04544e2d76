using System.Globalization;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Journals;

/// <summary>
/// Reads the journal table of Akka.Persistence.Sql in a SQLite file, while a writer may be running (WAL, read-only). A line is read in
/// one statement and so as it was at one instant. One thread.
/// </summary>
public sealed class SqliteJournal : IJournalSource
{
    private const string HasTable = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'";

    // one index look-up a persistence id, whatever the number of records
    private const string NextId = "SELECT MIN(persistence_id) FROM journal WHERE persistence_id > $after";

    // deleted rows are read too: nothing is ever deleted here (rule J6), so a mark is a finding and not an absence
    private const string Rows = """
        SELECT sequence_number, manifest, identifier, deleted, CAST(substr(message, 1, $most) AS BLOB)
        FROM journal WHERE persistence_id = $id AND sequence_number > $after ORDER BY sequence_number, ordering
        """;

    private const string LastOf = "SELECT COALESCE(MAX(sequence_number), 0) FROM journal WHERE persistence_id = $id";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private bool _hasTable;

    private SqliteJournal(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        Lines = Reading(FindLines);
    }

    public string Description => $"journal {_path}";

    public IReadOnlyList<LineId> Lines { get; }

    /// <exception cref="JournalUnavailableException">No such file, no SQLite database, or not readable.</exception>
    public static SqliteJournal Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new JournalUnavailableException($"there is no journal at {path}: give the SQLite file that the plant file names under journal");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return new SqliteJournal(path, connection);
        }
        catch (Exception e) when (e is SqliteException or JournalUnavailableException)
        {
            connection.Dispose();
            throw e is JournalUnavailableException ? e : Unreadable(path, (SqliteException)e);
        }
    }

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => Records(PersistenceIds.Line(line), after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => _hasTable ? Records(PersistenceIds.Log, after) : [];

    public IReadOnlyList<StoredRecord> LogTail(int count)
    {
        using var last = Command(LastOf, ("$id", PersistenceIds.Log));
        return _hasTable ? [.. LogRecords(Reading(() => Convert.ToInt64(last.ExecuteScalar(), CultureInfo.InvariantCulture)) - count)] : [];
    }

    public void Dispose() => _connection.Dispose();

    private IEnumerable<StoredRecord> Records(string id, long after)
    {
        using var command = Command(Rows, ("$id", id), ("$after", after), ("$most", StoredRecord.MaxBytes + 1));
        using var rows = Reading(command.ExecuteReader);
        while (Reading(rows.Read))
        {
            yield return Reading(() => Record(rows));
        }
    }

    private static StoredRecord Record(SqliteDataReader row)
    {
        var serializer = row.IsDBNull(2) ? 0 : row.GetInt64(2);
        var remark = row.GetInt64(3) != 0 ? "its row is marked deleted, and records are never deleted"
            : serializer != StoredForm.SerializerId ? string.Create(CultureInfo.InvariantCulture, $"its row names serializer {serializer}, and records are stored by {StoredForm.SerializerId}")
            : null;
        return new StoredRecord(row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1), row.IsDBNull(4) ? ReadOnlyMemory<byte>.Empty : row.GetFieldValue<byte[]>(4), remark);
    }

    private List<LineId> FindLines()
    {
        var lines = new List<LineId>();
        using var hasTable = Command(HasTable);
        _hasTable = Convert.ToInt64(hasTable.ExecuteScalar(), CultureInfo.InvariantCulture) > 0;
        if (!_hasTable)
        {
            return lines;
        }

        using var next = Command(NextId, ("$after", ""));
        while (next.ExecuteScalar() is string id)
        {
            if (PersistenceIds.TryLine(id, out var line))
            {
                lines.Add(line);
            }

            next.Parameters[0].Value = id;
        }

        return lines;
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            _ = command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw Unreadable(_path, e);
        }
    }

    private static JournalUnavailableException Unreadable(string path, SqliteException e) =>
        new($"the journal {path} cannot be read: {e.Message}; check that it is the SQLite file of a plant, whole and readable together with its -wal and -shm files", e);
}
