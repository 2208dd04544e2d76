namespace Inspection.Audit.Journals;

/// <summary>
/// Rule J6: keeps a second writer out of a SQLite journal, while an auditor may read. A file beside the journal, held locked; the
/// operating system lets go of it however the process ends.
/// </summary>
public sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    public static string PathOf(string journalPath) => journalPath + ".lock";

    /// <exception cref="JournalUnavailableException">Another process writes to it, or the folder is not writable.</exception>
    public static JournalLock Take(string journalPath)
    {
        var path = PathOf(journalPath);
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new JournalLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalUnavailableException($"the journal {journalPath} cannot be locked: {e.Message}; its folder must be writable for this user", e);
        }
        catch (IOException e)
        {
            throw new JournalUnavailableException($"the journal {journalPath} cannot be locked ({path}): {e.Message} Another process may be running on it: end that one, or give this plant its own journal", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
