namespace Inspection.Learning.Datasets;

/// <summary>A folder that cannot serve as a data set. The message says what was looked for, where, what was there and what to do.</summary>
public sealed class DatasetException : Exception
{
    public DatasetException(string message)
        : base(message)
    {
    }

    public DatasetException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
