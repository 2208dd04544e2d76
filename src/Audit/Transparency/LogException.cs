namespace Inspection.Audit.Transparency;

/// <summary>What is wrong about a log's record.</summary>
public enum LogFault
{
    /// <summary>Leaves or extents do not follow those before.</summary>
    Extent = 1,

    /// <summary>A checkpoint is none, or not of this log.</summary>
    Checkpoint = 2,
}

/// <summary>A record of the log contradicts those before it: nothing after it can be judged.</summary>
public sealed class LogException(LogFault fault, string message) : Exception(message)
{
    public LogFault Fault => fault;
}
