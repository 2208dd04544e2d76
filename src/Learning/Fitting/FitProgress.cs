namespace Inspection.Learning.Fitting;

/// <summary>How far a fit is: for a progress bar.</summary>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Done">Of <paramref name="Total"/>.</param>
public readonly record struct FitProgress(string Step, int Done, int Total);
