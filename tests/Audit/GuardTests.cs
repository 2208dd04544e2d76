using Inspection.Audit.Journals;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Tests;

public sealed class GuardTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_journal_is_made_in_WAL_mode()
    {
        Assert.Equal(0, JournalGuard.VerifyAll(_folder["sub/j.db"]).Records);
        using var connection = new SqliteConnection($"Data Source={_folder["sub/j.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public void A_whole_journal_gives_its_heads()
    {
        using var file = new FileJournal(_folder["j.db"], Story.Whole(), Story.Whole("other"));
        var guarded = JournalGuard.VerifyAll(file.Path);
        var last = Story.Whole().Seal()[^1];
        Assert.Equal(new LineHead(Story.Whole().Events.Count, Digest.Of(last.Bytes.Span)), guarded.Heads[new LineId("tile")]);
    }

    [Fact]
    public void What_is_no_database_is_refused_in_words()
    {
        File.WriteAllText(_folder["j.db"], "this is no database, but it is long enough to look at. ".PadRight(4096, '.'));
        Assert.Contains("cannot be written", Assert.Throws<JournalUnavailableException>(() => JournalGuard.VerifyAll(_folder["j.db"])).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<JournalUnavailableException>(() => SqliteJournal.Open(_folder["j.db"])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no journal at", Assert.Throws<JournalUnavailableException>(() => SqliteJournal.Open(_folder["none.db"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused_in_words()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<JournalUnavailableException>(() => JournalGuard.VerifyAll(Path.Combine(_folder["file"], "j.db")));
        Assert.Throws<JournalUnavailableException>(() => JournalLock.Take(Path.Combine(_folder["file"], "j.db")));
    }

    [Fact]
    public void A_second_writer_is_kept_out_and_a_reader_is_not()
    {
        using var file = new FileJournal(_folder["j.db"], Story.Whole());
        using (JournalLock.Take(file.Path))
        {
            Assert.Contains("Another process", Assert.Throws<JournalUnavailableException>(() => JournalLock.Take(file.Path)).Message, StringComparison.Ordinal);
            using var reader = SqliteJournal.Open(file.Path);
            Assert.NotEmpty(reader.Chain(reader.Lines[0]));
        }

        using var next = JournalLock.Take(file.Path);
    }
}
