using System.Globalization;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;

namespace Inspection.Audit.Journals;

/// <summary>What the guard found in order.</summary>
public sealed record GuardedJournal(string Path, IReadOnlyDictionary<LineId, LineHead> Heads)
{
    public long Records => Heads.Values.Sum(h => h.Sequence);
}

/// <summary>The check before anything is decided on a journal again (rules J1, J6).</summary>
public static class JournalGuard
{
    /// <summary>SQLite's number for synchronous = FULL: a commit is on disk before it is acknowledged.</summary>
    private const long Full = 2;

    /// <summary>
    /// Sets and checks WAL and synchronous = FULL, then reads every record of every line. Creates the file where there is none.
    /// </summary>
    /// <exception cref="BrokenChainException">A stored record was changed; it names the record. Do not start.</exception>
    /// <exception cref="JournalUnavailableException">Read-only, full disk, no SQLite file, or a setting that does not hold.</exception>
    public static GuardedJournal VerifyAll(string path)
    {
        CheckSettings(path);
        using var journal = SqliteJournal.Open(path);
        _ = HeadOf(journal.LogChain());
        return new GuardedJournal(path, journal.Lines.ToDictionary(line => line, line => HeadOf(journal.Chain(line))));
    }

    /// <summary>Reads a chain to its end; throws at the first bad record.</summary>
    private static LineHead HeadOf(IEnumerable<ChainRecord> chain)
    {
        var head = new LineHead(0, Digest.None);
        foreach (var record in chain)
        {
            head = new LineHead(record.Sequence, record.Hash);
        }

        return head;
    }

    private static void CheckSettings(string path)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
            connection.Open();
            var mode = Convert.ToString(Pragma(connection, "journal_mode=WAL"), CultureInfo.InvariantCulture);
            if (mode != "wal")
            {
                throw new JournalUnavailableException($"the journal {path} stays in journal mode '{mode}': WAL is needed, so that an auditor can read while the line writes; its file system must support shared memory and locks");
            }

            // asked, not set: connections that the persistence plugin opens start with the same default
            var synchronous = Convert.ToInt64(Pragma(connection, "synchronous"), CultureInfo.InvariantCulture);
            if (synchronous != Full)
            {
                throw new JournalUnavailableException($"connections to the journal {path} start with synchronous = {synchronous}, not FULL ({Full}): a committed verdict could be lost with the power; use a SQLite library with the default FULL");
            }

            // writes the value that is there: finds a read-only file, and a full disk as far as one page tells
            _ = Pragma(connection, string.Create(CultureInfo.InvariantCulture, $"user_version={Convert.ToInt64(Pragma(connection, "user_version"), CultureInfo.InvariantCulture)}"));
        }
        catch (SqliteException e)
        {
            throw new JournalUnavailableException($"the journal {path} cannot be written: {e.Message}; check that it is a SQLite file, its folder is writable for this user and the disk has room", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException($"the folder of the journal {path} cannot be made: {e.Message}", e);
        }
    }

    private static object? Pragma(SqliteConnection connection, string what)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {what}";
        return command.ExecuteScalar();
    }
}
