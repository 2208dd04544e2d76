namespace Inspection.Vision.Models;

/// <summary>A model package that cannot be trusted or used. The message says what is wrong, in which file, why it matters and what to do.</summary>
public sealed class PackageException : Exception
{
    public PackageException(string directory, string problem, string remedy)
        : base($"model package {directory}: {problem}. {remedy}.")
    {
    }

    public PackageException(string directory, string problem, string remedy, Exception inner)
        : base($"model package {directory}: {problem}. {remedy}.", inner)
    {
    }
}
