using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

public sealed partial record PartLedger
{
    /// <summary>What people ask of parts that are long concluded.</summary>
    private sealed partial class Turn
    {
        /// <summary>A correction; the first record stays. What the ledger forgot (rule V7) the command brings along from the journal.</summary>
        private void Review(LineCommands.ReviewPart x, object? from)
        {
            if (MissingName(x.By, x.Why) is { } missing)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReviewPart), missing));
                return;
            }

            var known = Ledger.Committed.Stations.GetValueOrDefault(x.Key.Station)?.Recent.GetValueOrDefault((x.Key.Epoch, x.Key.Counter))?.Conclusion;
            if (known is { } conclusion && x.Before != default && x.Before != conclusion)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReviewPart), $"part {x.Key} was concluded as {conclusion}, not as {x.Before}"));
                return;
            }

            if ((known ?? (WasConcluded(x.Key) && x.Before != default ? x.Before : null)) is not { } before)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReviewPart), WasConcluded(x.Key) ? $"part {x.Key} is not among the last {StationState.RememberedConclusions} conclusions of its station: say what the journal holds" : $"part {x.Key} is not concluded here"));
                return;
            }

            Decide(new PartReviewed(Utc, x.Key, before, x.Verdict, x.By, x.Why), new LedgerEffect.Reply(from, new LineReplies.ReviewRecorded(x.Key, before, x.Verdict)));
        }

        /// <summary>Rule J10. Which frames there are only the journal's records say; who asks has read them.</summary>
        private void Erase(LineCommands.EraseFrame x, object? from)
        {
            var missing = MissingName(x.By, x.Why) ?? (x.Frame == Digest.None ? "no frame is named" : WasConcluded(x.Key) ? null : $"part {x.Key} is not concluded here");
            if (missing is not null)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.EraseFrame), missing));
                return;
            }

            Decide(new FrameErased(Utc, x.Key, x.Camera, x.Frame, x.By, x.Why), new LedgerEffect.Reply(from, new LineReplies.FrameErasureRecorded(x.Key, x.Camera)));
        }

        private static string? MissingName(string by, string why) => string.IsNullOrWhiteSpace(by) ? "who does it is not said" : string.IsNullOrWhiteSpace(why) ? "why is not said" : null;

        /// <summary>As far as the ledger remembers: of ended epochs it knows that all their parts are.</summary>
        private bool WasConcluded(TriggerKey key) => Ledger.Committed.Stations.GetValueOrDefault(key.Station) is { } station
            && key.Counter >= 1 && key.Epoch >= 1
            && (key.Epoch < station.Epoch || (key.Epoch == station.Epoch && station.IsConcluded(key.Counter)));
    }
}
