using Inspection.Decisions.Station;
using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Checking;

// what the ledger decides, says, and leaves undone
internal sealed partial class Auditor
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestWay = TimeSpan.FromSeconds(2.3);
    private static readonly TimeSpan _longestBackOff = new StationOptions { DecisionDeadline = TimeSpan.Zero }.MaxResend;

    /// <summary>Rule V2, in the world's own time: nothing is concluded for want of time before its time has come, or for want of evidence that its station has.</summary>
    public void Decides(PartConcluded e, LineShell line)
    {
        if (!plant.Belts.Parts.TryGetValue(e.Key, out var part))
        {
            return; // the record itself is judged when it is committed
        }

        // what is decided may wait for the write before it; where the wall clock jumped meanwhile nobody knows for how long
        var waited = TimeSpan.FromTicks(plant.Utc(line.Node).Ticks - e.UtcTicks);
        if (waited < TimeSpan.Zero || waited > TimeSpan.FromSeconds(20))
        {
            return;
        }

        var due = part.StampedAt + plant.Shape.Deadline;
        var at = plant.Now - waited;
        if (e.Conclusion.Fallback == FallbackReason.Deadline)
        {
            if (at < due)
            {
                throw plant.Broken($"V2: {e.Key} fell back at its deadline, {(due - at).TotalMilliseconds:0} ms before it");
            }

            // what was lost is said again with back-off, 5 s later at the latest (rule V5)
            var known = Later(Later(plant.HealedAt, line.LiveSince), plant.Network.LastLoss + _longestBackOff);
            if (plant.IsHealed && part.GivenUp is { } reason && due - Later(known, part.StampedAt) > _patience)
            {
                throw plant.Broken($"V5: {e.Key} fell back at its deadline, and its station gave it up as {reason}");
            }

            var isHeld = plant.Sensors.SelectMany(s => s.Stations).Any(s => s.IsAlive && s.Core.Window.Epoch == e.Key.Epoch);
            if (plant.IsHealed && isHeld && at > Later(due, known + _patience) + _patience)
            {
                throw plant.Broken($"V2: {e.Key} fell back {(at - due).TotalSeconds:0.00} s after its deadline, its line was live since {line.LiveSince}");
            }

            var complete = part.IsComplete ? Later(part.CompleteAt, known) : TimeSpan.MaxValue;
            if (plant.IsHealed && due - complete > _patience)
            {
                throw plant.Broken($"W8: {e.Key} fell back at its deadline, and its station has had all evidence since {part.CompleteAt}, its line was live since {line.LiveSince}");
            }
        }

        // messages carry time left (rule L4): what delays a message delays the deadline, and nothing else does
        if (e.Conclusion.IsOk && at > due + _longestWay && plant.LastPause < part.StampedAt)
        {
            throw plant.Broken($"P4: {e.Key} is decided OK {(at - due).TotalSeconds:0.00} s after its deadline");
        }
    }

    /// <summary>Whether a person's word for a station is in the journal, long enough to be heard.</summary>
    public bool MayRun(StationId station) => plant.IsHealed && Interlock(station) > 0 && !InterlockChanged.IsStopped(Interlock(station))
        && plant.Now > Later(Later(_interlockAt[station], plant.HealedAt), plant.Supervisors.Line?.LiveSince ?? TimeSpan.MaxValue - _patience) + _patience;

    /// <summary>Rule V2: an accepted part is concluded at its deadline, whoever is dead, while its line is live and writes.</summary>
    public void Overdue()
    {
        if (plant.Supervisors.Line is not { Ledger: { InFlight: 0, Waiting: 0 } } line || !line.Node.IsUp || line.Node.PausedUntil > plant.Now)
        {
            return;
        }

        foreach (var key in OpenKeys)
        {
            var due = Later(Later(plant.Belts.Parts[key].StampedAt, _acceptedAt[key]), line.LiveSince) + plant.Shape.Deadline + _patience;
            if (plant.Now > due && plant.LastPause + _patience < plant.Now)
            {
                throw plant.Broken($"V2: {key} is open since {_acceptedAt[key]}, its line is live since {line.LiveSince}, and nobody concludes it");
            }
        }
    }

    /// <summary>Promise P3, rules J2, V3: an answer says only what the journal holds.</summary>
    public void Told(ILineMessage message)
    {
        var wrong = message switch
        {
            LineReplies.PartClosed x when Find(x.Key) is not { } c || c != x.Conclusion => $"{x.Key} is told as {x.Conclusion}, the journal has {Find(x.Key)?.ToString() ?? "nothing"}",
            LineReplies.AlreadyConcluded x when Closed < 1024 => $"{x.Key} is called concluded without its verdict",
            LineReplies.AlreadyConcluded x when Find(x.Key) is null => $"{x.Key} is called concluded",
            LineReplies.TriggersAccepted x when x.UpTo > (_epochs.GetValueOrDefault(x.Epoch)?.Seen ?? 0) => $"triggers to {x.UpTo} of epoch {x.Epoch} are called accepted",
            LineReplies.FellBackRecorded x when Enumerable.Range((int)x.From, (int)(x.To - x.From + 1)).Any(c => Find(new TriggerKey(x.Line, x.Station, x.Epoch, c)) is null) => $"{x.From} to {x.To} of epoch {x.Epoch} are called recorded",
            LineReplies.StationGranted x when !_epochs.ContainsKey(x.Epoch) => $"epoch {x.Epoch} is called granted",
            LineReplies.StationReleased x when _epochs.GetValueOrDefault(x.Epoch) is not { IsEnded: true } => $"epoch {x.Epoch} is called released",
            LineReplies.StaleEpoch x when Current(x.Station) is { IsEnded: false } e && e.Number == x.Epoch => $"epoch {x.Epoch} is called over",
            LineReplies.GateActsRecorded x when x.NextExpected > (_epochs.GetValueOrDefault(x.Epoch)?.Acted ?? 0) + 1 => $"acts below {x.NextExpected} are called recorded",
            LineReplies.InterlockRecorded x when x.Changes > Interlock(x.Station) => $"change {x.Changes} of the interlock is called recorded",
            _ => null,
        };
        if (wrong is not null)
        {
            throw plant.Broken($"P3: {wrong}, and the journal does not have it");
        }
    }
}
