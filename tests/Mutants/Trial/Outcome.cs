namespace Inspection.Mutants.Tests.Trial;

internal enum Ending
{
    /// <summary>Every seed ran and no invariant broke.</summary>
    Clean,

    /// <summary>An invariant broke.</summary>
    Violation,

    /// <summary>The process died: an exception that nobody caught, no stack, no memory.</summary>
    Crash,

    /// <summary>A seed did not end.</summary>
    Hang,
}

/// <summary>What became of one core.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="Seeds">How many seeds were begun: where something was found, it was with the last of them.</param>
/// <param name="What">In words, one line.</param>
internal sealed record Outcome(Ending Ending, int Seeds, string What)
{
    public bool IsFound => Ending != Ending.Clean;
}
