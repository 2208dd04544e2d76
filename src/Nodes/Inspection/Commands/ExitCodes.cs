namespace Inspection.Commands;

/// <summary>Design section 8.</summary>
internal static class ExitCodes
{
    public const int Good = 0;

    /// <summary>Done, and the answer is bad: a check failed, a verdict flipped.</summary>
    public const int BadAnswer = 1;

    /// <summary>Wrong use or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>The environment lacks something.</summary>
    public const int Environment = 3;
}
