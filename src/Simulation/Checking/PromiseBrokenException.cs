namespace Inspection.Simulation.Checking;

/// <summary>A promise or a rule does not hold; the message names it, and where.</summary>
public sealed class PromiseBrokenException : Exception
{
    public PromiseBrokenException(string message)
        : base(message)
    {
    }

    public PromiseBrokenException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public PromiseBrokenException()
    {
    }
}
