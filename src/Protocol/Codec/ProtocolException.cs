namespace Inspection.Protocol;

/// <summary>A message cannot be written or read in its wire form. The message says what, where and why.</summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException(string message)
        : base(message)
    {
    }

    public ProtocolException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
