using System.Globalization;
using System.Text.Json.Serialization;
using Inspection.Audit.Frames;

namespace Inspection.Audit.Verifying;

/// <summary>What one line's records say. Counts are of triggers, unless said otherwise.</summary>
/// <param name="Head">Hash of the last good record, hexadecimal.</param>
/// <param name="Decided">With a verdict.</param>
/// <param name="Fallback">Concluded without one.</param>
/// <param name="Open">Not concluded yet, in epochs that are current: no finding.</param>
/// <param name="Passed">What the gate let pass.</param>
/// <param name="ActUnknown">Accepted in an epoch that ended before the gate reported on them (rule J4).</param>
/// <param name="UnknownTails">Epochs that ended without knowing whether more triggers followed (rule J2).</param>
/// <param name="Restores">How often the journal was restored from a backup: what had followed each backup is lost.</param>
public sealed record LineVerification(
    string Line,
    long Records,
    string Head,
    long Epochs,
    long Accepted,
    long Decided,
    long Fallback,
    long Open,
    long Passed,
    long ActUnknown,
    long UnknownTails,
    long Restores)
{
    /// <summary>The last record that a leaf of the plant's log covers; 0: none.</summary>
    public long Logged { get; init; }

    /// <summary>Of the archive (rule J10).</summary>
    public FrameTotals Frames { get; init; } = new(0, 0, 0);

    /// <summary>Promise P1.</summary>
    public bool IsConserved => Accepted == Decided + Fallback + Open;
}

/// <summary>The result of a verification. Good means: no finding.</summary>
/// <param name="Log">Null: the plant keeps none, and whoever can write the journal can rewrite it.</param>
/// <param name="Findings">The first ones, in the order of lines and records.</param>
/// <param name="FindingCount">All of them.</param>
public sealed record VerifyReport(string Source, LogVerification? Log, IReadOnlyList<LineVerification> Lines, IReadOnlyList<Finding> Findings, long FindingCount)
{
    /// <summary>Findings beyond are counted and not listed.</summary>
    public const int MostListed = 100;

    public bool IsGood => FindingCount == 0;

    /// <summary>The first bad record, or null.</summary>
    [JsonIgnore]
    public Finding? First => Findings.Count > 0 ? Findings[0] : null;

    public string ToJson() => AuditJson.ToJson(this);

    public void Print(TextWriter to)
    {
        to.WriteLine(Source);
        foreach (var l in Lines)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {l.Line}: {l.Records} records, head {Short(l.Head)}, {l.Epochs} epochs"));
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    accepted {l.Accepted} {(l.IsConserved ? "=" : "!=")} decided {l.Decided} + fallback {l.Fallback} + open {l.Open}; passed {l.Passed}, act unknown {l.ActUnknown}, unknown tails {l.UnknownTails}"));
        }

        foreach (var l in Lines.Where(l => l.Frames.Named > 0))
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {l.Line}: {l.Frames.Named} frames named, {l.Frames.Erased} of them erased by authority; {(l.Frames.Looked > 0 ? "the others were looked at, each pixel" : "their files were not looked at (--frames FOLDER, or a bundle with frames)")}"));
        }

        to.WriteLine($"  {Log?.ToString() ?? "no log: whoever could write these records could have rewritten them all"}");
        foreach (var l in Lines.Where(l => Log is not null && l.Logged < l.Records))
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {l.Line}: records {l.Logged + 1} to {l.Records} are not in the log yet"));
        }

        foreach (var l in Lines.Where(l => l.Restores > 0))
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {l.Line} was restored from a backup {l.Restores} times: what had followed the backup is lost"));
        }

        foreach (var finding in Findings)
        {
            to.WriteLine($"  {finding.Kind}: {finding}");
        }

        if (FindingCount > Findings.Count)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {FindingCount - Findings.Count} more"));
        }

        to.WriteLine(IsGood ? "verified: no findings" : string.Create(CultureInfo.InvariantCulture, $"NOT verified: {FindingCount} findings, the first: {First}"));
    }

    private static string Short(string head) => head.Length > 12 ? $"{head[..12]}.." : head;
}
