using Inspection.Audit.Backups;
using Inspection.Audit.Journals;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>Rule J6: where a plant's journal lies. One of the two.</summary>
public abstract record JournalPlan
{
    private JournalPlan()
    {
    }

    /// <summary>For people; holds no password.</summary>
    public abstract override string ToString();

    /// <summary>To read it: audit and totals. Changes nothing.</summary>
    /// <exception cref="JournalUnavailableException">Not there, not reachable or not readable; the message says what to do.</exception>
    public abstract IJournalSource OpenSource();

    /// <summary>To back it up, while others may write.</summary>
    /// <param name="scratch">A file that is not there, for a copy of SQLite's; gone afterwards.</param>
    /// <exception cref="JournalUnavailableException">As for <see cref="OpenSource"/>.</exception>
    public abstract IJournalTables OpenTables(string scratch);

    /// <summary>To restore a backup into it; makes its file or tables.</summary>
    /// <exception cref="BackupException">It holds records.</exception>
    /// <exception cref="JournalUnavailableException">Not reachable or not writable.</exception>
    public abstract Task<IEmptyJournal> OpenEmptyAsync(CancellationToken cancel);

    /// <summary>A file of one process, and so of a plant with a single supervisor node.</summary>
    public sealed record Sqlite(string Path) : JournalPlan
    {
        public override string ToString() => $"journal {Path}";

        public override IJournalSource OpenSource() => SqliteJournal.Open(Path);

        public override IJournalTables OpenTables(string scratch) => SqliteTables.CopyOf(Path, scratch);

        public override Task<IEmptyJournal> OpenEmptyAsync(CancellationToken cancel) => Task.FromResult<IEmptyJournal>(EmptySqlite.Open(Path));
    }

    /// <summary>A database that all supervisor nodes of a plant share.</summary>
    public sealed record Postgres(PostgresAddress Address) : JournalPlan
    {
        public override string ToString() => Address.ToString();

        public override IJournalSource OpenSource() => PostgresJournal.Open(Address);

        public override IJournalTables OpenTables(string scratch) => PostgresTables.Open(Address);

        public override async Task<IEmptyJournal> OpenEmptyAsync(CancellationToken cancel) => await EmptyPostgres.OpenAsync(Address, cancel);
    }
}
