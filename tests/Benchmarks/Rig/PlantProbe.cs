using System.Globalization;
using Inspection.Protocol;
using Inspection.Tests.Support.Cluster;
using Npgsql;

namespace Inspection.Benchmarks.Rig;

/// <summary>Looks at a running plant closely: new records of a line, counters of the sensor nodes.</summary>
internal sealed class PlantProbe(ClusterPlant plant) : IAsyncDisposable
{
    private readonly NpgsqlConnection _journal = new(plant.Database.ConnectionString());

    /// <summary>Where a line stands: its last record, and who wrote its last verdict.</summary>
    public async Task<(long Sequence, string Writer)> StandAsync(string line)
    {
        await using var command = await CommandAsync("SELECT sequence_number, message FROM journal WHERE persistence_id = $1 ORDER BY sequence_number DESC LIMIT 200", PersistenceIds.Line(new LineId(line)));
        await using var rows = await command.ExecuteReaderAsync();
        var last = 0L;
        while (await rows.ReadAsync())
        {
            last = Math.Max(last, rows.GetInt64(0));
            if (ChainReader.Peek(new LineId(line), rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) is PartConcluded part)
            {
                return (last, part.WriterEpoch);
            }
        }

        return (last, "");
    }

    /// <summary>When the first verdict after a record was decided by another supervisor, UTC; null while there is none.</summary>
    public async Task<DateTime?> FirstVerdictAsync(string line, long after, string notBy)
    {
        await using var command = await CommandAsync("SELECT sequence_number, message FROM journal WHERE persistence_id = $1 AND sequence_number > $2 ORDER BY sequence_number", PersistenceIds.Line(new LineId(line)), after);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            if (ChainReader.Peek(new LineId(line), rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) is PartConcluded { Conclusion.Verdict: not null } part
                && part.WriterEpoch != notBy)
            {
                return new DateTime(part.UtcTicks, DateTimeKind.Utc);
            }
        }

        return null;
    }

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private async Task<NpgsqlCommand> CommandAsync(string sql, params object[] values)
    {
        if (_journal.State != System.Data.ConnectionState.Open)
        {
            await _journal.OpenAsync();
        }

        var command = new NpgsqlCommand(sql, _journal);
        foreach (var value in values)
        {
            _ = command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
