using System.Data.Common;
using System.Diagnostics;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Inspection.Benchmarks.Rig;

/// <summary>The same rows put into the product's tables in the same batches, each a durable transaction, by the driver alone: what the disk and the database allow.</summary>
internal sealed class RawRows : IJournalArm
{
    private const string Columns = "created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid";
    private const string Writer = "0123456789abcdef0123456789abcdef";

    private readonly JournalLoad _load;
    private readonly JournalStore _store;
    private readonly DbConnection _connection;
    private readonly string _id;
    private long _sequence;

    private RawRows(JournalLoad load, JournalStore store, DbConnection connection)
    {
        (_load, _store, _connection) = (load, store, connection);
        _id = PersistenceIds.Line(load.Line);
    }

    public static async Task<IJournalArm> StartAsync(JournalPlan journal, JournalLoad load)
    {
        (await journal.OpenEmptyAsync(CancellationToken.None)).Dispose(); // makes the tables
        var store = await JournalStore.OpenWhenReachableAsync(journal, System.Console.Error.WriteLine, TimeProvider.System, CancellationToken.None);
        DbConnection connection = journal is JournalPlan.Postgres ? new NpgsqlConnection(store.ConnectionString) : new SqliteConnection(store.ConnectionString);
        await connection.OpenAsync();
        await using var durable = connection.CreateCommand();
        durable.CommandText = connection is SqliteConnection ? "PRAGMA synchronous=FULL" : "SET synchronous_commit=on";
        _ = await durable.ExecuteNonQueryAsync();
        return new RawRows(load, store, connection);
    }

    public async Task<JournalSlice> WriteAsync()
    {
        await InsertAsync(_load.Rows.Take(_load.LeadIn));
        var counted = _load.Rows.Skip(_load.LeadIn).ToList();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await InsertAsync(counted);
        return new JournalSlice(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, counted.Sum(r => (long)r.Bytes.Length), []);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _store.Dispose();
    }

    private async Task InsertAsync(IEnumerable<Sealed> rows)
    {
        foreach (var batch in rows.Chunk(JournalFiller.Batch))
        {
            if (_connection is NpgsqlConnection server)
            {
                await CopyAsync(server, batch);
            }
            else
            {
                Insert((SqliteConnection)_connection, batch);
            }
        }
    }

    private void Insert(SqliteConnection connection, Sealed[] batch)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO journal ({Columns}) VALUES ($created, 0, $id, $sequence, $message, $manifest, {StoredForm.SerializerId}, '{Writer}')";
        _ = command.Parameters.AddWithValue("$id", _id);
        var (created, sequence) = (command.Parameters.Add("$created", SqliteType.Integer), command.Parameters.Add("$sequence", SqliteType.Integer));
        var (message, manifest) = (command.Parameters.Add("$message", SqliteType.Blob), command.Parameters.Add("$manifest", SqliteType.Text));
        foreach (var row in batch)
        {
            (created.Value, sequence.Value, message.Value, manifest.Value) = (DateTime.UtcNow.Ticks, ++_sequence, row.Bytes.ToArray(), row.Manifest);
            _ = command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>A statement, and so a transaction by itself.</summary>
    private async Task CopyAsync(NpgsqlConnection connection, Sealed[] batch)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY journal ({Columns}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in batch)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(DateTime.UtcNow.Ticks, NpgsqlDbType.Bigint);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean);
            await copy.WriteAsync(_id, NpgsqlDbType.Text);
            await copy.WriteAsync(++_sequence, NpgsqlDbType.Bigint);
            await copy.WriteAsync(row.Bytes, NpgsqlDbType.Bytea);
            await copy.WriteAsync(row.Manifest, NpgsqlDbType.Text);
            await copy.WriteAsync(StoredForm.SerializerId, NpgsqlDbType.Integer);
            await copy.WriteAsync(Writer, NpgsqlDbType.Text);
        }

        _ = await copy.CompleteAsync();
    }
}
