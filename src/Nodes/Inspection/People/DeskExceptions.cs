namespace Inspection.People;

/// <summary>The line's supervisor refused what a person asked, and says why. The command line exits 1.</summary>
public sealed class LineRefusedException(string message) : Exception(message);

/// <summary>No node of the plant answers. The command line exits 3.</summary>
public sealed class NobodyAnswersException(string message) : Exception(message);
