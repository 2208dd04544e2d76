using Inspection.Protocol;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Tests;

/// <summary>A SQLite file with the rows that Akka.Persistence.Sql 1.5.73 writes; RealJournalTests holds it against the plugin itself.</summary>
internal sealed class FileJournal : IDisposable
{
    /// <summary>The plugin's own statements.</summary>
    private const string Schema = """
        PRAGMA journal_mode=WAL;
        CREATE TABLE [journal] (
          [ordering] INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, [created] INTEGER NOT NULL, [deleted] Bit NOT NULL,
          [persistence_id] NVarChar(255) NOT NULL, [sequence_number] INTEGER NOT NULL, [message] VarBinary NOT NULL,
          [tags] NVarChar(100) NULL, [manifest] NVarChar(500) NULL, [identifier] INTEGER NULL, [writer_uuid] NVarChar(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        """;

    private readonly SqliteConnection _connection;

    public FileJournal(string path, params IEnumerable<Story> stories)
    {
        Path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        _ = Execute(Schema);
        foreach (var story in stories)
        {
            Append(story.Line, 1, story.Seal());
        }
    }

    public string Path { get; }

    public void Append(LineId line, long first, IReadOnlyList<Sealed> records)
    {
        using var transaction = _connection.BeginTransaction();
        for (var i = 0; i < records.Count; i++)
        {
            using var insert = _connection.CreateCommand();
            insert.CommandText = """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier, writer_uuid)
                VALUES (0, 0, $id, $n, $bytes, '', $manifest, $serializer, 'w')
                """;
            _ = insert.Parameters.AddWithValue("$id", PersistenceIds.Line(line));
            _ = insert.Parameters.AddWithValue("$n", first + i);
            _ = insert.Parameters.AddWithValue("$bytes", records[i].Bytes.ToArray());
            _ = insert.Parameters.AddWithValue("$manifest", records[i].Manifest);
            _ = insert.Parameters.AddWithValue("$serializer", StoredForm.SerializerId);
            _ = insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Replace(long sequence, byte[] bytes)
    {
        using var update = _connection.CreateCommand();
        update.CommandText = "UPDATE journal SET message = $bytes WHERE sequence_number = $n";
        _ = update.Parameters.AddWithValue("$bytes", bytes);
        _ = update.Parameters.AddWithValue("$n", sequence);
        Assert.Equal(1, update.ExecuteNonQuery());
    }

    public int Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();
}
