namespace Inspection.Learning.Statistics;

/// <summary>A figure with its 95 % interval, or with the reason why there is none.</summary>
/// <param name="Value">The figure on the whole test; null where it cannot be had.</param>
/// <param name="Low">Null where Note says why.</param>
/// <param name="Groups">Independent groups behind it: of the rarer kind, where it needs good and bad.</param>
/// <param name="Note">"too few groups ...", "degenerate ...", or what makes the interval optimistic; else empty.</param>
public sealed record Interval(double? Value, double? Low, double? High, int Groups, string Note);
