using System.Globalization;
using Inspection.Audit;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;

namespace Inspection.Replaying;

/// <summary>Result of a replay at level R1 or R2. Counts are of views, unless said otherwise.</summary>
/// <param name="Here">The CPU class and runtime that computed it again.</param>
/// <param name="Parts">Parts with at least one view computed again.</param>
/// <param name="Identical">Every bit as recorded.</param>
/// <param name="WithinBand">Bits differ, by no more than the package's tolerance, and the verdict is the same.</param>
/// <param name="Beyond">Differ by more, and the verdict is the same.</param>
/// <param name="Flipped">Parts whose verdict is another.</param>
/// <param name="Largest">Largest difference of a score.</param>
/// <param name="NotKept">OK views whose frame was not kept: no R1 for them.</param>
/// <param name="Erased">Views whose frame was erased by authority.</param>
/// <param name="NotComputed">Views of which no model was asked (unreadable, shed, ...), or only a simulated one.</param>
/// <param name="OtherMachine">Recorded on another CPU class, runtime or provider: R1 cannot speak of them.</param>
internal sealed record FrameReplayReport(
    string Source,
    string Level,
    string Here,
    long Parts,
    long Identical,
    long WithinBand,
    long Beyond,
    long Flipped,
    float Largest,
    long NotKept,
    long Erased,
    long NotComputed,
    long OtherMachine,
    IReadOnlyList<ReplayDifference> Differences,
    long DifferenceCount,
    IReadOnlyList<Finding> Findings)
{
    public const string R1 = "R1";

    public const string R2 = "R2";

    public const int MostListed = 20;

    public long Compared => Identical + WithinBand + Beyond;

    /// <summary>R1: everything that was computed again has the same bits, and something was. R2: no verdict moved, and no score by more than the tolerance.</summary>
    public bool IsGood => Compared > 0 && Findings.Count == 0 && Flipped == 0 && Beyond == 0 && (Level == R2 || (WithinBand == 0 && OtherMachine == 0));

    public string ToJson() => AuditJson.ToJson(this);

    public void Print(TextWriter to)
    {
        to.WriteLine(Source);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  replay {Level} here ({Here}): {Compared} views of {Parts} parts computed again from archived frames"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  identical {Identical}, within band {WithinBand}, beyond it {Beyond}; parts flipped {Flipped}; largest difference of a score {Largest:g3}; the band is each package's own tolerance"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  not computed again: {NotKept} views that were OK and whose frame was not kept, {Erased} whose frame was erased by authority, {NotComputed} on which no model ran{(OtherMachine > 0 ? $", {OtherMachine} that were recorded on another CPU class, runtime or provider (--level R2 compares them)" : "")}"));
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

        to.WriteLine((IsGood, Level) switch
        {
            (true, R1) => "replayed: bit-exact",
            (true, _) => "replayed: no verdict moved, no score by more than its tolerance",
            _ when Compared == 0 => "nothing was replayed: no frame of these records could be computed again here",
            _ => "replay differs from the record",
        });
    }
}
