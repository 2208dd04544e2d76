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
}
