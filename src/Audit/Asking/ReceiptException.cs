namespace Inspection.Audit.Asking;

/// <summary>A receipt that can't be given, or is none; the message says why.</summary>
public sealed class ReceiptException : Exception
{
    public ReceiptException(string message)
        : base(message)
    {
    }

    public ReceiptException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
