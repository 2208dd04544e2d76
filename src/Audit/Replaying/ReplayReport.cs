using System.Globalization;
using Inspection.Audit.Verifying;

namespace Inspection.Audit.Replaying;

/// <summary>A part whose replay does not give what was recorded.</summary>
/// <param name="Part">LINE/EPOCH/COUNTER.</param>
public sealed record ReplayDifference(string Part, string ExternalId, long Sequence, string Recorded, string Replayed, string Why);

/// <summary>Result of a replay at level R0.</summary>
/// <param name="Compared">Parts whose verdict was derived again.</param>
/// <param name="Flipped">Of the differing ones those whose conclusion itself is another.</param>
/// <param name="FellBackByRange">Parts that fell back as a range, without evidence: nothing to derive.</param>
/// <param name="Differences">The first ones.</param>
/// <param name="DifferenceCount">All of them.</param>
/// <param name="Findings">Broken chains, and packages whose thresholds are not the recorded ones.</param>
public sealed record ReplayReport(
    string Source,
    string Level,
    long Compared,
    long DifferenceCount,
    long Flipped,
    long FellBackByRange,
    IReadOnlyList<ReplayDifference> Differences,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>Differences beyond are counted and not listed.</summary>
    public const int MostListed = 20;

    public bool IsGood => DifferenceCount == 0 && Findings.Count == 0;

    public string ToJson() => AuditJson.ToJson(this);

    public void Print(TextWriter to)
    {
        to.WriteLine(Source);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  replay {Level}: {Compared} verdicts derived again from recorded scores; {DifferenceCount} differences, of them {Flipped} flipped; {FellBackByRange} parts fell back as a range, without evidence"));
        foreach (var finding in Findings)
        {
            to.WriteLine($"  {finding.Kind}: {finding}");
        }

        foreach (var d in Differences)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {d.Part} ({d.ExternalId}, record {d.Sequence}): recorded {d.Recorded}, replayed {d.Replayed}: {d.Why}"));
        }

        if (DifferenceCount > Differences.Count)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {DifferenceCount - Differences.Count} more"));
        }

        to.WriteLine(IsGood ? "replayed: bit-exact" : "replay differs from the record");
    }
}
