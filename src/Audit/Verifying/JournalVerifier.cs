using System.Globalization;
using Inspection.Audit.Frames;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>
/// Rule J9, promise P5: reads a journal or a bundle from the first record to the last and says what is wrong, without a cluster. Finds
/// changed, missing, doubled and moved records, and what honest records may not say together: see <see cref="LineAudit"/>. What was cut
/// off the end of a line is seen only where the source states its end.
/// </summary>
public static class JournalVerifier
{
    private const int ProgressEvery = 5_000;

    /// <summary>Of a finding: it may quote names of any length.</summary>
    private const int MostCharacters = 4_000;

    public static VerifyReport Verify(IJournalSource source) => Verify(source, LogTrust.None);

    /// <param name="trust">What the auditor brings along: keys, and checkpoints held from earlier.</param>
    /// <param name="frames">Where the frames lie that records name; null: they are counted only.</param>
    /// <param name="progress">Told now and then how many records of lines were read.</param>
    public static VerifyReport Verify(IJournalSource source, LogTrust trust, IFrameStore? frames = null, Action<long>? progress = null)
    {
        var findings = new List<Finding>();
        var count = 0L;
        var lines = new List<LineVerification>();

        void Report(Finding finding)
        {
            count++;
            if (findings.Count < VerifyReport.MostListed)
            {
                findings.Add(finding with { What = ForeignText.Cut(finding.What, MostCharacters) });
            }
        }

        var log = LogAudit.Read(source, trust, Report);
        var read = 0L;
        foreach (var line in source.Lines)
        {
            lines.Add(VerifyLine(source, line, log.ExtentsOf(line), trust.Partial, frames, Report, sequence => progress?.Invoke(read + sequence)));
            read += lines[^1].Records;
        }

        if (!trust.Partial)
        {
            foreach (var line in log.LinesWithout(source.Lines))
            {
                Report(new Finding(FindingKind.Log, line.Value, 0, "the log holds records of this line, and there are none here (--partial: that was asked for)"));
            }
        }

        foreach (var finding in source.CheckContainer())
        {
            Report(finding);
        }

        return new VerifyReport(source.Description, log.Result, lines, findings, count);
    }

    private static LineVerification VerifyLine(IJournalSource source, LineId line, Queue<LogExtent> extents, bool partial, IFrameStore? frames, Action<Finding> report, Action<long> progress)
    {
        var audit = new LineAudit(line, report);
        var covered = 0L;
        try
        {
            foreach (var record in source.Chain(line))
            {
                audit.Apply(record);
                if (record.Sequence % ProgressEvery == 0)
                {
                    progress(record.Sequence);
                }

                if (extents.TryPeek(out var extent) && extent.To == record.Sequence)
                {
                    _ = extents.Dequeue();
                    covered = record.Sequence;
                    if (extent.Head != record.Hash)
                    {
                        report(new Finding(FindingKind.Log, line.Value, extent.From, string.Create(CultureInfo.InvariantCulture, $"it or another of records {extent.From} to {extent.To} is not as it was logged: the log holds hash {extent.Head.Short}.. for record {extent.To}, and it is {record.Hash.Short}..; what follows is not compared with the log")));
                        extents.Clear();
                    }
                }
            }
        }
        catch (BrokenChainException e)
        {
            report(Finding.Of(e));
            return audit.Result with { Logged = covered };
        }

        if (extents.Count > 0 && !partial)
        {
            var first = extents.Peek();
            report(new Finding(FindingKind.Log, line.Value, audit.Result.Records + 1, string.Create(CultureInfo.InvariantCulture, $"it or another of records {first.From} to {first.To} is missing: the log holds records up to {extents.Last().To} of this line, and they end with {audit.Result.Records} (--partial: that was asked for)")));
        }

        return audit.Result with { Logged = covered, Frames = audit.CheckFrames(frames) };
    }
}
