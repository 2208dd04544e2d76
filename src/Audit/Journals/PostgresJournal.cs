using System.Globalization;
using Inspection.Protocol;
using Npgsql;

namespace Inspection.Audit.Journals;

/// <summary>
/// Reads the journal table of Akka.Persistence.Sql in a PostgreSQL database, while supervisors may be writing. A line is read in one
/// statement, and so as it was at one instant; rows stream, one in memory at a time. One thread.
/// </summary>
public sealed class PostgresJournal : IJournalSource
{
    // one index look-up a persistence id, whatever the number of records; the column's own order, whichever that is
    private const string NextId = "SELECT min(persistence_id) FROM journal WHERE persistence_id > $1";

    // deleted rows are read too: nothing is ever deleted here (rule J6), so a mark is a finding and not an absence
    private const string Rows = """
        SELECT sequence_number, manifest, identifier, deleted, substring(message FROM 1 FOR $2)
        FROM journal WHERE persistence_id = $1 AND sequence_number > $3 ORDER BY sequence_number
        """;

    private const string LastOf = "SELECT COALESCE(MAX(sequence_number), 0) FROM journal WHERE persistence_id = $1";

    private readonly PostgresAddress _address;
    private bool _hasTable;

    private PostgresJournal(PostgresAddress address)
    {
        _address = address;
        Lines = Reading(FindLines);
    }

    public string Description => _address.ToString();

    public IReadOnlyList<LineId> Lines { get; }

    /// <exception cref="JournalUnavailableException">Not reachable, refused, or no journal; the message says what to do.</exception>
    public static PostgresJournal Open(PostgresAddress address) => new(address);

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => Records(PersistenceIds.Line(line), after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => _hasTable ? Records(PersistenceIds.Log, after) : [];

    public IReadOnlyList<StoredRecord> LogTail(int count)
    {
        using var connection = Connect();
        using var last = new NpgsqlCommand(LastOf, connection) { Parameters = { new() { Value = PersistenceIds.Log } } };
        return _hasTable ? [.. LogRecords(Reading(() => Convert.ToInt64(last.ExecuteScalar(), CultureInfo.InvariantCulture)) - count)] : [];
    }

    public void Dispose()
    {
        // every read has a connection of its own and closes it
    }

    private IEnumerable<StoredRecord> Records(string id, long after)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(Rows, connection) { Parameters = { new() { Value = id }, new() { Value = StoredRecord.MaxBytes + 1 }, new() { Value = after } } };
        using var rows = Reading(() => command.ExecuteReader());
        while (Reading(rows.Read))
        {
            yield return Reading(() => Record(rows));
        }
    }

    private static StoredRecord Record(NpgsqlDataReader row)
    {
        var serializer = row.IsDBNull(2) ? 0 : row.GetInt32(2);
        var remark = row.GetBoolean(3) ? "its row is marked deleted, and records are never deleted"
            : serializer != StoredForm.SerializerId ? string.Create(CultureInfo.InvariantCulture, $"its row names serializer {serializer}, and records are stored by {StoredForm.SerializerId}")
            : null;
        return new StoredRecord(row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1), row.GetFieldValue<byte[]>(4), remark);
    }

    private List<LineId> FindLines()
    {
        var lines = new List<LineId>();
        using var connection = Connect();
        using var hasTable = new NpgsqlCommand("SELECT to_regclass('journal') IS NOT NULL", connection);
        _hasTable = hasTable.ExecuteScalar() is true;
        if (!_hasTable)
        {
            return lines;
        }

        using var next = new NpgsqlCommand(NextId, connection) { Parameters = { new() { Value = "" } } };
        while (next.ExecuteScalar() is string id)
        {
            if (PersistenceIds.TryLine(id, out var line))
            {
                lines.Add(line);
            }

            next.Parameters[0].Value = id;
        }

        return [.. lines.OrderBy(l => l.Value, StringComparer.Ordinal)];
    }

    private NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(_address.LongRunning);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception e) when (PostgresAddress.IsOutage(e))
        {
            connection.Dispose();
            throw _address.Explain(e);
        }
    }

    private T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (PostgresAddress.IsOutage(e))
        {
            throw _address.Explain(e);
        }
    }
}
