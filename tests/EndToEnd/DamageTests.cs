using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Inspection.EndToEnd.Tests;

/// <summary>Rule J1: one flipped byte in a stored record.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class DamageTests(Fitted fitted)
{
    [Fact]
    public async Task One_flipped_byte_is_named_and_nothing_starts_on_it()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("whole", await fitted.SmallCoarseAsync(), parts: 3), PlantLine.Synthetic("damaged", await fitted.SmallCoarseAsync(), parts: 6));
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
        var record = FlipOneByte(PlantFile.Journal(scratch), "damaged");
        var before = LineStory.Read(PlantFile.Journal(scratch), "whole").Accepted.Count;

        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(1).Says("damaged", $"record {record}");
        var verify = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(1);
        Assert.Contains("damaged", verify.Out, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"record {record}"), verify.Out, StringComparison.Ordinal);
        Assert.Equal(before, LineStory.Read(PlantFile.Journal(scratch), "whole").Accepted.Count);
    }

    /// <summary>The lowest bit of the middle byte of the line's middle record.</summary>
    private static long FlipOneByte(string journal, string line)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT ordering, sequence_number, message FROM journal WHERE persistence_id LIKE '%' || $line ORDER BY sequence_number";
        _ = select.Parameters.AddWithValue("$line", line);
        var rows = new List<(long Ordering, long Sequence, byte[] Bytes)>();
        using (var reader = select.ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        var chosen = rows[rows.Count / 2];
        chosen.Bytes[chosen.Bytes.Length / 2] ^= 1;
        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE journal SET message = $bytes WHERE ordering = $ordering";
        _ = update.Parameters.AddWithValue("$bytes", chosen.Bytes);
        _ = update.Parameters.AddWithValue("$ordering", chosen.Ordering);
        Assert.Equal(1, update.ExecuteNonQuery());
        return chosen.Sequence;
    }
}
