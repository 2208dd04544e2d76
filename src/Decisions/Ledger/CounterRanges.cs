namespace Inspection.Decisions.Ledger;

internal static class CounterRanges
{
    /// <summary>Ascending counters as ranges without gaps, both ends included.</summary>
    public static List<(long From, long To)> Of(IEnumerable<long> ascending)
    {
        var ranges = new List<(long From, long To)>();
        foreach (var counter in ascending)
        {
            if (ranges.Count > 0 && ranges[^1].To == counter - 1)
            {
                ranges[^1] = (ranges[^1].From, counter);
            }
            else
            {
                ranges.Add((counter, counter));
            }
        }

        return ranges;
    }
}
