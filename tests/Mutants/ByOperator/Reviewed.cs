namespace Inspection.Mutants.Tests.ByOperator;

/// <summary>
/// Changes that no seed finds and that a person has looked at: with them no promise is broken. Each says why. One that is found after all
/// does no harm here; one that is not here and survives fails the test.
/// </summary>
internal static class Reviewed
{
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["Ledger/Turn.Stations.cs PartLedger.Turn.Renew(LineCommands.RenewStation,object?): without Stale(x.Station, x.Epoch, from);"] =
            "announcements, evidence and reports of a past epoch are answered with the same notice; a holder that says none of them holds nothing",
        ["Policy/FrameRetention.cs FrameRetention.IsSampled(Digest,double): 0 for 1L"] = "which frames of good parts the archive keeps: no promise here speaks of it",
        ["Policy/FrameRetention.cs FrameRetention.IsSampled(Digest,double): without frame.CopyTo(bytes);"] = "as above",
        ["Policy/PartPolicy.cs PartPolicy.Judge(Recipe,StationId,IReadOnlyList<ViewEvidence>,Func<Digest,ModelPolicy?>): without margin = Smaller(margin, judgement.Margin);"] =
            "how near the verdict was to another one, for people; the verdict stays",
        ["Station/FrameJoin.cs FrameFate.Joins: Counter >= 0 for Counter > 0"] = "who asks has seen before that the counter is not 0",
        ["Station/FrameJoin.cs FrameJoin.Frame(long,TimeSpan): 0 for 1 (2)"] = "exposures are counted from another start: only their differences are compared",
        ["Station/FrameJoin.cs FrameJoin.Step(long,long,long): without _aligned = false;"] = "a word of the text that says why a view is lost",
        ["Station/StationCore.Lease.cs StationCore.On(ILineMessage,TimeSpan): not (x.Epoch == _window.Epoch) (3)"] =
            "the answer to a release is not believed; the next renewal says that the epoch is over, and the station ends all the same",
        ["Work/WorkLeases.Matching.cs WorkLeases.EstimateHolders(WorkQueue<TWork>): not (local.Stage == queue.Stage)"] = "an estimate of who might be in time (rule W4): it chooses who loads a package",
        ["Work/WorkLeases.Matching.cs WorkLeases.LeaseFor(LearnedTime,bool,WorkPiece<TWork>,TimeSpan): piece.Tries > _options.MaxTries for piece.Tries >= _options.MaxTries"] =
            "the last try has a lease as the ones before it: work that nobody does is given up a little earlier",
        ["Work/WorkLeases.Workers.cs WorkLeases.Unsent(WorkerId,long,WorkStage,TimeSpan): without Free(held, now);"] =
            "no stream of a simulated plant stalls, so that nothing there stays unsent; Decisions WorkHistoryTests finds it",
        ["Work/WorkLeases.cs WorkLeases.End(WorkPiece<TWork>,PieceState): without _hopeless -= piece.NoTryLeft ? 1 : 0;"] = "a count that only saves looking for hopeless work where there is none",
    };

    public static IEnumerable<string> Places => Reasons.Keys;

    public static string? ReasonFor(PlaceName place) => Reasons.GetValueOrDefault(place.ToString());
}
