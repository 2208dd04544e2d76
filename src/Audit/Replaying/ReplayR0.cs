using Inspection.Audit.Journals;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Replaying;

/// <summary>
/// Promise P6, level R0: derives every verdict again from the recorded scores, with the policy function of the live supervisor, and
/// compares bit by bit. Streams; no cluster, no model is run.
/// </summary>
public static class ReplayR0
{
    public const string Level = "R0";

    public static ReplayReport Run(IJournalSource source, IPolicySource policies)
    {
        var tally = new Tally();
        foreach (var line in source.Lines)
        {
            var replay = new LineReplay(line, policies, tally);
            try
            {
                foreach (var record in source.Chain(line))
                {
                    replay.Apply(record);
                }
            }
            catch (BrokenChainException e)
            {
                tally.Findings.Add(Finding.Of(e));
            }
        }

        return new ReplayReport(source.Description, Level, tally.Compared, tally.DifferenceCount, tally.Flipped, tally.FellBackByRange, tally.Differences, tally.Findings);
    }

    internal sealed class Tally
    {
        public long Compared { get; set; }

        public long DifferenceCount { get; private set; }

        public long Flipped { get; private set; }

        public long FellBackByRange { get; set; }

        public List<ReplayDifference> Differences { get; } = [];

        public List<Finding> Findings { get; } = [];

        public void Add(ReplayDifference difference, bool isFlip)
        {
            DifferenceCount++;
            Flipped += isFlip ? 1 : 0;
            if (Differences.Count < ReplayReport.MostListed)
            {
                Differences.Add(difference);
            }
        }
    }
}
