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
    public static VerifyReport Verify(IJournalSource source)
    {
        var findings = new List<Finding>();
        var count = 0L;
        var lines = new List<LineVerification>();

        void Report(Finding finding)
        {
            count++;
            if (findings.Count < VerifyReport.MostListed)
            {
                findings.Add(finding);
            }
        }

        foreach (var line in source.Lines)
        {
            lines.Add(VerifyLine(source, line, Report));
        }

        foreach (var finding in source.CheckContainer())
        {
            Report(finding);
        }

        return new VerifyReport(source.Description, lines, findings, count);
    }

    private static LineVerification VerifyLine(IJournalSource source, LineId line, Action<Finding> report)
    {
        var audit = new LineAudit(line, report);
        try
        {
            foreach (var record in source.Chain(line))
            {
                audit.Apply(record);
            }
        }
        catch (BrokenChainException e)
        {
            report(Finding.Of(e));
        }

        return audit.Result;
    }
}
