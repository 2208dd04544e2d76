using System.Globalization;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Totals;

/// <param name="P50">Milliseconds, within 0.5 %; NaN where nothing was concluded on evidence.</param>
public sealed record LatencyTotals(double P50, double P99);

/// <summary>Parts with a verified candidate where the verdict is not what the coarse model alone would have said.</summary>
/// <param name="Cleared">Coarse alone NG, concluded OK.</param>
/// <param name="Rejected">Coarse alone OK, concluded NG.</param>
/// <param name="ToReview">Concluded Review.</param>
public sealed record VerifierChanges(long Cleared, long Rejected, long ToReview);

/// <summary>Against labels (shared/evaluation.md, 6): overkill counts every good part that is not OK, Review and Fallback too.</summary>
/// <param name="Escapes">Bad parts concluded OK.</param>
/// <param name="Overkill">Good parts not concluded OK.</param>
/// <param name="Unlabelled">Concluded parts without a label: in neither rate.</param>
public sealed record QualityTotals(long Good, long Bad, long Unlabelled, long Escapes, long Overkill)
{
    /// <summary>P(OK | bad); NaN without bad parts.</summary>
    public double EscapeRate => Bad == 0 ? double.NaN : (double)Escapes / Bad;

    /// <summary>P(not OK | good); NaN without good parts.</summary>
    public double OverkillRate => Good == 0 ? double.NaN : (double)Overkill / Good;
}

/// <summary>What a journal holds, in numbers of parts.</summary>
/// <param name="Line">Empty for all lines together.</param>
/// <param name="FallbackBy">Reason to parts.</param>
/// <param name="DefectBy">Defect class of NG parts to parts; "" where no verifier named one.</param>
/// <param name="Candidates">Parts with at least one candidate view.</param>
/// <param name="Verified">Parts with at least one candidate that a verifier looked at.</param>
/// <param name="Passed">What the gate let pass.</param>
/// <param name="Quality">Null where no labels were given.</param>
/// <param name="FirstUtc">Of the first and last record; null without records.</param>
public sealed record LineTotals(
    string Line,
    long Accepted,
    long Decided,
    long Fallback,
    long Open,
    long Ok,
    long Ng,
    long Review,
    IReadOnlyDictionary<string, long> FallbackBy,
    IReadOnlyDictionary<string, long> DefectBy,
    long Candidates,
    long Verified,
    VerifierChanges VerifierChanged,
    long Passed,
    LatencyTotals LatencyMs,
    QualityTotals? Quality,
    DateTime? FirstUtc,
    DateTime? LastUtc)
{
    /// <summary>Stations whose line stands; for one line only.</summary>
    public IReadOnlyList<StationStop> Stops { get; init; } = [];

    /// <summary>Promise P1: accepted = decided + fallback + open.</summary>
    public bool IsConserved => Accepted == Decided + Fallback + Open;

    public string Equation => string.Create(CultureInfo.InvariantCulture, $"accepted {Accepted} {(IsConserved ? "=" : "!=")} decided {Decided} + fallback {Fallback} + open {Open}");
}

/// <summary>Counts of a whole journal or bundle: the end-of-run report.</summary>
public sealed record JournalTotals(LineTotals All, IReadOnlyList<LineTotals> Lines)
{
    /// <summary>The label of a good part.</summary>
    public const string Good = "good";

    public string ToJson() => AuditJson.ToJson(this);

    /// <param name="truth">Label of a line's part by its external id: "good" or a defect class, null where unknown.</param>
    /// <exception cref="BrokenChainException">The journal is damaged; verify it.</exception>
    /// <exception cref="InvalidDataException">A record concludes more parts than are open; verify the journal.</exception>
    public static JournalTotals Of(IJournalSource source, Func<LineId, string, string?>? truth = null)
    {
        var all = new Tally(truth is not null);
        var lines = new List<LineTotals>();
        foreach (var line in source.Lines)
        {
            var own = new Tally(truth is not null);
            var counter = new LineCounter(truth is null ? null : id => truth(line, id), own, all);
            foreach (var record in source.Chain(line))
            {
                counter.Apply(record);
            }

            lines.Add(own.Result(line.Value) with { Stops = counter.Stops });
        }

        return new JournalTotals(all.Result(""), lines);
    }
}
