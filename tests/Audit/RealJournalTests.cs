using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Tests;

public sealed class RealJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_the_persistence_plugin_stores_verifies_and_replays_while_it_still_writes()
    {
        var (whole, other) = (Story.Whole(), Story.Whole("other"));
        _ = JournalGuard.VerifyAll(_folder["j.db"]);
        await using var plugin = await RealJournal.Open(_folder["j.db"]);
        await plugin.Write(whole.Line, whole.Seal());

        using var journal = SqliteJournal.Open(_folder["j.db"]);
        Assert.Equal(whole.Seal(), journal.Records(whole.Line).Select(r => new Sealed(r.Manifest!, r.Bytes)));
        Assert.True(JournalVerifier.Verify(journal).IsGood);
        Assert.True(ReplayR0.Run(journal, new JournalPolicies()).IsGood);

        // the writer goes on while the reader has the file open
        await plugin.Write(other.Line, other.Seal());
        using var later = SqliteJournal.Open(_folder["j.db"]);
        Assert.Equal(["other", "tile"], later.Lines.Select(l => l.Value));
        Assert.True(JournalVerifier.Verify(later).IsGood);
        Assert.Equal(2 * whole.Events.Count, JournalGuard.VerifyAll(_folder["j.db"]).Records);
    }

    [Fact]
    public async Task A_journal_of_the_tests_has_the_columns_of_the_plugins()
    {
        await using (var plugin = await RealJournal.Open(_folder["real.db"]))
        {
            await plugin.Write(new LineId("a"), Story.Whole("a").Seal());
        }

        using var made = new FileJournal(_folder["made.db"], Story.Whole("a"));
        Assert.Equal(Columns(_folder["real.db"]), Columns(made.Path));
        Assert.Equal(Rows(_folder["real.db"]), Rows(made.Path));
    }

    private static List<string> Columns(string path) => Query(path, "SELECT name || ' ' || type || ' ' || \"notnull\" FROM pragma_table_info('journal')");

    private static List<string> Rows(string path) => Query(path, "SELECT sequence_number || ' ' || persistence_id || ' ' || deleted || ' ' || manifest || ' ' || identifier || ' ' || hex(message) FROM journal ORDER BY sequence_number");

    private static List<string> Query(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var all = new List<string>();
        while (rows.Read())
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }
}
