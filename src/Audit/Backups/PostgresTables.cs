using System.Data;
using Google.Protobuf;
using Inspection.Audit.Journals;
using Inspection.Protocol.Wire;
using Npgsql;

namespace Inspection.Audit.Backups;

/// <summary>
/// The tables of a PostgreSQL journal in one read-only transaction that sees one instant, while supervisors write. Id by id, so that the
/// server reads along its index and sorts nothing.
/// </summary>
public sealed class PostgresTables : IJournalTables
{
    private const string JournalRows = "SELECT ordering, persistence_id, sequence_number, created, deleted, message, tags, manifest, identifier, writer_uuid FROM journal WHERE persistence_id = $1 ORDER BY sequence_number";
    private const string SnapshotRows = "SELECT persistence_id, sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE persistence_id = $1 ORDER BY sequence_number";

    private readonly PostgresAddress _address;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgresTables(PostgresAddress address, NpgsqlConnection connection)
    {
        _address = address;
        _connection = connection;
        _transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        using var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, _transaction);
        _ = readOnly.ExecuteNonQuery();
    }

    /// <exception cref="JournalUnavailableException">Not reachable or not readable.</exception>
    public static PostgresTables Open(PostgresAddress address)
    {
        var connection = new NpgsqlConnection(address.LongRunning);
        try
        {
            connection.Open();
            return new PostgresTables(address, connection);
        }
        catch (Exception e) when (PostgresAddress.IsOutage(e))
        {
            connection.Dispose();
            throw address.Explain(e);
        }
    }

    public IEnumerable<BackupRecord> Records() => Read("journal", JournalRows, row => new BackupRecord
    {
        Ordering = row.GetInt64(0),
        PersistenceId = row.GetString(1),
        Sequence = row.GetInt64(2),
        Created = row.GetInt64(3),
        Deleted = row.GetBoolean(4),
        Message = UnsafeByteOperations.UnsafeWrap(row.GetFieldValue<byte[]>(5)),
    }.With(row.Text(6), row.Text(7), row.Number(8), row.Text(9)));

    public IEnumerable<BackupSnapshot> Snapshots() => Read("snapshot", SnapshotRows, row => new BackupSnapshot
    {
        PersistenceId = row.GetString(0),
        Sequence = row.GetInt64(1),
        Created = row.GetInt64(2),
    }.With(row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3), row.Text(4), row.Number(5)));

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private IEnumerable<T> Read<T>(string table, string sql, Func<NpgsqlDataReader, T> read)
    {
        foreach (var id in Ids(table))
        {
            using var command = new NpgsqlCommand(sql, _connection, _transaction) { Parameters = { new() { Value = id } } };
            using var rows = Reading(() => command.ExecuteReader());
            while (Reading(rows.Read))
            {
                yield return Reading(() => read(rows));
            }
        }
    }

    private List<string> Ids(string table) => Reading(() =>
    {
        var ids = new List<string>();
        using var hasTable = new NpgsqlCommand($"SELECT to_regclass('{table}') IS NOT NULL", _connection, _transaction);
        if (hasTable.ExecuteScalar() is not true)
        {
            return ids;
        }

        using var next = new NpgsqlCommand($"SELECT min(persistence_id) FROM {table} WHERE persistence_id > $1", _connection, _transaction) { Parameters = { new() { Value = "" } } };
        while (next.ExecuteScalar() is string id)
        {
            ids.Add(id);
            next.Parameters[0].Value = id;
        }

        return ids;
    });

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
