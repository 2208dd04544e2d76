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

    /// <summary>A file of one process, and so of a plant with a single supervisor node.</summary>
    public sealed record Sqlite(string Path) : JournalPlan
    {
        public override string ToString() => $"journal {Path}";

        public override IJournalSource OpenSource() => SqliteJournal.Open(Path);
    }

    /// <summary>A database that all supervisor nodes of a plant share.</summary>
    public sealed record Postgres(PostgresAddress Address) : JournalPlan
    {
        public override string ToString() => Address.ToString();

        public override IJournalSource OpenSource() => PostgresJournal.Open(Address);
    }
}
