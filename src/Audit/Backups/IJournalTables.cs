using Inspection.Audit.Journals;
using Inspection.Protocol.Wire;

namespace Inspection.Audit.Backups;

/// <summary>The rows of a journal's tables as they were at one instant, while others write. One thread.</summary>
public interface IJournalTables : IDisposable
{
    /// <summary>In the order (persistence id, sequence); the cluster's own actors included.</summary>
    IEnumerable<BackupRecord> Records();

    /// <summary>In the order (persistence id, sequence).</summary>
    IEnumerable<BackupSnapshot> Snapshots();
}

/// <summary>An empty journal that a backup is restored into. Nothing of it is there before <see cref="Fill"/> has returned.</summary>
public interface IEmptyJournal : IDisposable
{
    /// <summary>Both in one transaction.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be written.</exception>
    void Fill(IEnumerable<BackupRecord> records, IEnumerable<BackupSnapshot> snapshots);
}
