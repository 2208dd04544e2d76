namespace Inspection.Learning.Evaluating;

internal static class Medians
{
    /// <summary>Null of nothing; of an even number the mean of the middle two.</summary>
    public static double? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
