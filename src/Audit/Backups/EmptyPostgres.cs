using Inspection.Audit.Journals;
using Inspection.Protocol.Wire;
using Npgsql;
using NpgsqlTypes;

namespace Inspection.Audit.Backups;

/// <summary>A PostgreSQL journal without records, locked against others until it is filled. Makes the tables where there are none.</summary>
public sealed class EmptyPostgres : IEmptyJournal
{
    private readonly PostgresAddress _address;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private EmptyPostgres(PostgresAddress address, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _address = address;
        _connection = connection;
        _transaction = transaction;
    }

    /// <exception cref="BackupException">It holds records.</exception>
    /// <exception cref="JournalUnavailableException">Not reachable or not writable.</exception>
    public static async Task<EmptyPostgres> OpenAsync(PostgresAddress address, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(address.LongRunning);
        try
        {
            await connection.OpenAsync(cancel);
            await PostgresSchema.EnsureAsync(connection, address, cancel);
            var transaction = await connection.BeginTransactionAsync(cancel);
            await using var command = new NpgsqlCommand(
                "SET LOCAL synchronous_commit = on; LOCK TABLE journal, snapshot IN EXCLUSIVE MODE; SELECT EXISTS (SELECT 1 FROM journal) OR EXISTS (SELECT 1 FROM snapshot)", connection, transaction);
            return await command.ExecuteScalarAsync(cancel) is false
                ? new EmptyPostgres(address, connection, transaction)
                : throw new BackupException($"{address} holds records: a backup is restored into an empty journal only; name a new database under journal.postgres (createdb -O {address.User} NAME)");
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();
            throw PostgresAddress.IsOutage(e) ? address.Explain(e) : e;
        }
    }

    public void Fill(IEnumerable<BackupRecord> records, IEnumerable<BackupSnapshot> snapshots)
    {
        try
        {
            Copy("journal (ordering, persistence_id, sequence_number, created, deleted, message, tags, manifest, identifier, writer_uuid)", records, (r, to) =>
            {
                to.Write(r.Ordering, NpgsqlDbType.Bigint);
                to.Write(r.PersistenceId, NpgsqlDbType.Text);
                to.Write(r.Sequence, NpgsqlDbType.Bigint);
                to.Write(r.Created, NpgsqlDbType.Bigint);
                to.Write(r.Deleted, NpgsqlDbType.Boolean);
                to.Write(r.Message.ToByteArray(), NpgsqlDbType.Bytea);
                WriteOr(to, r.HasTags, r.Tags, NpgsqlDbType.Text);
                WriteOr(to, r.HasManifest, r.Manifest, NpgsqlDbType.Text);
                WriteOr(to, r.HasIdentifier, r.Identifier, NpgsqlDbType.Integer);
                WriteOr(to, r.HasWriterUuid, r.WriterUuid, NpgsqlDbType.Text);
            });
            Copy("snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)", snapshots, (s, to) =>
            {
                to.Write(s.PersistenceId, NpgsqlDbType.Text);
                to.Write(s.Sequence, NpgsqlDbType.Bigint);
                to.Write(s.Created, NpgsqlDbType.Bigint);
                WriteOr(to, s.HasSnapshot, s.Snapshot.ToByteArray(), NpgsqlDbType.Bytea);
                WriteOr(to, s.HasManifest, s.Manifest, NpgsqlDbType.Text);
                WriteOr(to, s.HasIdentifier, s.Identifier, NpgsqlDbType.Integer);
            });
            using (var goOn = new NpgsqlCommand("SELECT setval(pg_get_serial_sequence('journal', 'ordering'), GREATEST((SELECT max(ordering) FROM journal), 1))", _connection, _transaction))
            {
                _ = goOn.ExecuteScalar();
            }

            _transaction.Commit();
        }
        catch (Exception e) when (PostgresAddress.IsOutage(e))
        {
            throw _address.Explain(e);
        }
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Copy<T>(string into, IEnumerable<T> rows, Action<T, NpgsqlBinaryImporter> write)
    {
        using var copy = _connection.BeginBinaryImport($"COPY {into} FROM STDIN (FORMAT binary)");
        foreach (var row in rows)
        {
            copy.StartRow();
            write(row, copy);
        }

        _ = copy.Complete();
    }

    private static void WriteOr<T>(NpgsqlBinaryImporter to, bool has, T value, NpgsqlDbType type)
    {
        if (has)
        {
            to.Write(value, type);
        }
        else
        {
            to.WriteNull();
        }
    }
}
