using System.Globalization;
using Inspection.Audit.Totals;
using Inspection.Console;
using Inspection.Members;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Embedded;

/// <summary>What a run ends with: counts per verdict, quality where labels are known, speed, and the conservation equation.</summary>
/// <param name="Totals">Over the whole journal, earlier runs included.</param>
/// <param name="Frames">Views of this run.</param>
/// <param name="Streamed">From the first trigger to the last conclusion of this run.</param>
internal sealed record RunReport(JournalTotals Totals, long Frames, TimeSpan Streamed, long EarlierParts, LogReport? Log)
{
    public double Fps => Streamed > TimeSpan.Zero ? Frames / Streamed.TotalSeconds : 0;

    /// <summary>The object of --json; keys are part of the command line's contract.</summary>
    public object ToAnswer() => new
    {
        accepted = Totals.All.Accepted,
        decided = Totals.All.Decided,
        fallback = Totals.All.Fallback,
        open = Totals.All.Open,
        ok = Totals.All.Ok,
        ng = Totals.All.Ng,
        review = Totals.All.Review,
        escapes = Totals.All.Quality?.Escapes,
        overkill = Totals.All.Quality?.Overkill,
        candidates = Totals.All.Candidates,
        verifier_changed = Changes(Totals.All),
        passed = Totals.All.Passed,
        fallback_by = Totals.All.FallbackBy,
        fps = Math.Round(Fps, 2),
        frames = Frames,
        streamed_seconds = Math.Round(Streamed.TotalSeconds, 3),
        latency_ms = Latency(Totals.All),
        log = Log is { } log ? new { leaves = log.Leaves, signed = log.Signed, cosigned = log.Cosigned, trouble = log.Trouble } : null,
        lines = Totals.Lines.Select(l => new
        {
            line = l.Line,
            accepted = l.Accepted,
            decided = l.Decided,
            fallback = l.Fallback,
            open = l.Open,
            ok = l.Ok,
            ng = l.Ng,
            review = l.Review,
            good = l.Quality?.Good,
            bad = l.Quality?.Bad,
            escapes = l.Quality?.Escapes,
            overkill = l.Quality?.Overkill,
            candidates = l.Candidates,
            verified = l.Verified,
            verifier_changed = Changes(l),
            passed = l.Passed,
            latency_ms = Latency(l),
        }).ToArray(),
    };

    public void Print(Output output)
    {
        output.Line();
        output.Line("line            accepted     OK     NG  Review  Fallback  open  escapes  overkill  candidates  verifier NG->OK  OK->NG  p50 ms  p99 ms");
        foreach (var line in Totals.Lines)
        {
            output.Line(Row(line, line.Line));
        }

        if (Totals.Lines.Count > 1)
        {
            output.Line(Row(Totals.All, "all"));
        }

        output.Line();
        if (Totals.All.Quality is { } q)
        {
            output.Line(Invariant($"against the labels: {q.Bad} bad parts, {q.Escapes} escapes ({Percent(q.EscapeRate)}); {q.Good} good parts, {q.Overkill} not passed ({Percent(q.OverkillRate)})"));
        }

        if (Totals.All.Fallback > 0)
        {
            output.Line($"fallbacks: {string.Join(", ", Totals.All.FallbackBy.Select(f => Invariant($"{f.Key} {f.Value}")))}");
        }

        output.Line(Invariant($"{Frames} frames in {Streamed.TotalSeconds:0.0} s: {Fps:0.0} frames/s{(EarlierParts > 0 ? Invariant($"; the journal holds {EarlierParts} parts of earlier runs, counted above") : "")}"));
        if (Log is { } log)
        {
            output.Line($"{log}");
        }

        foreach (var (line, stop) in Totals.Lines.SelectMany(l => l.Stops.Select(s => (l.Line, s))))
        {
            output.Line(StatusView.Stands(line, stop.Station, $"{stop}"));
        }

        output.Line($"conservation: {Totals.All.Equation}");
    }

    private static string Row(LineTotals l, string name) => Invariant(
        $"{name,-16}{l.Accepted,8}{l.Ok,7}{l.Ng,7}{l.Review,8}{l.Fallback,10}{l.Open,6}{Text(l.Quality?.Escapes),9}{Text(l.Quality?.Overkill),10}{l.Candidates,12}{l.VerifierChanged.Cleared,17}{l.VerifierChanged.Rejected,8}{l.LatencyMs.P50,8:0}{l.LatencyMs.P99,8:0}");

    private static object Changes(LineTotals l) => new { ng_to_ok = l.VerifierChanged.Cleared, ok_to_ng = l.VerifierChanged.Rejected, to_review = l.VerifierChanged.ToReview };

    private static object Latency(LineTotals l) => new { p50 = Rounded(l.LatencyMs.P50), p99 = Rounded(l.LatencyMs.P99) };

    private static double? Rounded(double value) => double.IsNaN(value) ? null : Math.Round(value, 1);

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double rate) => double.IsNaN(rate) ? "no such parts" : rate.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
