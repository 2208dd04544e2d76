namespace Inspection.Audit.Journals;

/// <summary>The journal cannot be opened, read or written as it must be. The message says what, where, why and what to do.</summary>
public sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    public JournalUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>
    /// True: not reachable now (a server that starts, a network that is away); trying again may help. False: wrong, and it stays wrong
    /// until a person changes a setting.
    /// </summary>
    public bool MayPass { get; init; }
}
