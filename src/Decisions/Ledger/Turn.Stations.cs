using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

public sealed partial record PartLedger
{
    private sealed partial class Turn
    {
        /// <summary>Rules L1, L2: one holder at a time; the fence is the epoch.</summary>
        private void Acquire(LineCommands.AcquireStation x, object? from)
        {
            if (Ledger.Projected.Recipe is not { } recipe)
            {
                Refuse(x.Station, "no recipe is active on this line yet", from);
                return;
            }

            if (!recipe.Views.Any(v => v.Station == x.Station))
            {
                Refuse(x.Station, $"recipe {recipe.Name} names no camera of this station", from);
                return;
            }

            if (Ledger.Projected.Stations.GetValueOrDefault(x.Station) is { Ended: false } current)
            {
                // a holder that has triggered and asks again has lost its place (it renews while it knows it): counting from 1 again in
                // the same epoch, its next parts would be answered with the verdicts of earlier ones
                if (current.Holder == x.Node && current.Incarnation == x.Incarnation && current.SeenUpTo == 0)
                {
                    // the grant may still be on its way to the journal: then its own answer follows the commit
                    Heard(x.Station);
                    if (IsCommitted(x.Station, current.Epoch))
                    {
                        Reply(from, new LineReplies.StationGranted(Line, x.Station, current.Epoch, current.LastExternalId, Options.Lease, x.Request, current.Interlock, Options.WriterEpoch));
                    }

                    return;
                }

                var waited = now.Monotonic - Ledger._lastHeard.GetValueOrDefault(x.Station, Ledger._recoveredAt);
                if (current.Holder != x.Node && waited < Options.GrantToOtherAfter)
                {
                    Refuse(x.Station, $"leased to node {current.Holder} in epoch {current.Epoch}", from);
                    return;
                }

                EndEpoch(current, EpochTail.Unknown, current.Holder == x.Node ? "holder restarted" : "lease expired");
            }

            var granted = new EpochGranted(Utc, x.Station, Ledger.Projected.LastEpoch + 1, x.Node, x.Incarnation);
            Heard(x.Station);
            var before = Ledger.Projected.Stations.GetValueOrDefault(x.Station);
            Decide(granted, new LedgerEffect.Reply(from, new LineReplies.StationGranted(Line, x.Station, granted.Epoch, before?.LastExternalId ?? "", Options.Lease, x.Request, before?.Interlock ?? 0, Options.WriterEpoch)));
        }

        private void Renew(LineCommands.RenewStation x, object? from)
        {
            if (Current(x.Station, x.Epoch) is { } station && station.Holder == x.Node && station.Incarnation == x.Incarnation)
            {
                Heard(x.Station);
                Reply(from, new LineReplies.StationRenewed(Line, x.Station, x.Epoch, Options.Lease, x.Request, Committed(x.Station, x.Epoch)?.Interlock ?? 0, Options.WriterEpoch));
                return;
            }

            Stale(x.Station, x.Epoch, from);
        }

        /// <summary>A clean stop: the tail is exact (rule J2). What is still open was not finished by its holder.</summary>
        private void Release(LineCommands.ReleaseStation x, object? from)
        {
            if (Current(x.Station, x.Epoch) is not { } station)
            {
                // the answer may have been lost: asked again, it is given again
                if (Committed(x.Station, x.Epoch) is { Ended: true } ended && ended.SeenUpTo == x.Last)
                {
                    Reply(from, new LineReplies.StationReleased(Line, x.Station, x.Epoch));
                    return;
                }

                Stale(x.Station, x.Epoch, from);
                return;
            }

            if (x.Last != station.SeenUpTo)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReleaseStation), $"station {x.Station} says its last trigger is {x.Last}, the journal has seen {station.SeenUpTo}: announce the rest first"));
                return;
            }

            EndEpoch(station, EpochTail.Exact, "clean stop", new LedgerEffect.Reply(from, new LineReplies.StationReleased(Line, x.Station, x.Epoch)));
        }

        /// <summary>Rules J2, J7: open keys conclude before the epoch ends.</summary>
        private void EndEpoch(StationState station, EpochTail tail, string source, params ReadOnlySpan<LedgerEffect> afterCommit)
        {
            foreach (var (from, to) in CounterRanges.Of(station.Open.Keys))
            {
                Decide(new PartsFellBack(Utc, station.Station, station.Epoch, from, to, FallbackReason.LostAtSource, $"open when epoch {station.Epoch} ended: {source}"));
            }

            Forget(station.Station, station.Epoch, station.Watermark + 1, station.SeenUpTo);
            Decide(new EpochEnded(Utc, station.Station, station.Epoch, station.SeenUpTo, tail, source), afterCommit);
        }

        /// <summary>Rules L3, V5: ranges a station gave up. Only what is open falls back; every key of the range is concluded afterwards.</summary>
        private void FellBack(LineCommands.ReportFellBack x, object? from)
        {
            if (Current(x.Station, x.Epoch) is not { } station)
            {
                Stale(x.Station, x.Epoch, from);
                return;
            }

            if (x.From < 1 || x.To < x.From || x.To > station.SeenUpTo)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReportFellBack), $"range {x.From}..{x.To} is not within the accepted triggers 1..{station.SeenUpTo}: announce them first"));
                return;
            }

            var recorded = new LedgerEffect.Reply(from, new LineReplies.FellBackRecorded(Line, x.Station, x.Epoch, x.From, x.To));
            var open = CounterRanges.Of(station.Open.Keys.Where(c => c >= x.From && c <= x.To));
            for (var i = 0; i < open.Count; i++)
            {
                var e = new PartsFellBack(Utc, x.Station, x.Epoch, open[i].From, open[i].To, x.Reason, x.Detail);
                var closed = new LineReplies.PartClosed[open[i].To - open[i].From + 1];
                for (var c = 0; c < closed.Length; c++)
                {
                    closed[c] = new LineReplies.PartClosed(new TriggerKey(Line, x.Station, x.Epoch, open[i].From + c), Conclusion.FellBack(x.Reason), Ledger.Projected.Recipe!.OnFallback, "");
                }

                LedgerEffect[] effects = [.. closed.Select(m => new LedgerEffect.TellStation(x.Station, m)), .. i == open.Count - 1 ? [recorded] : Array.Empty<LedgerEffect>()];
                Decide(e, effects);
                Forget(x.Station, x.Epoch, open[i].From, open[i].To);
            }

            // nothing was open: known already, or being written, even its acceptance; only the journal's state may answer
            if (open.Count == 0 && Committed(x.Station, x.Epoch) is { } committed && committed.SeenUpTo >= x.To && !committed.Open.Keys.Any(c => c >= x.From && c <= x.To))
            {
                _effects.Add(recorded);
            }
        }

        /// <summary>Rule J4: acts in counter order, each once; what was reported before is acknowledged again.</summary>
        private void GateActs(LineCommands.ReportGateActs x, object? from)
        {
            if (Current(x.Station, x.Epoch) is not { } station)
            {
                Stale(x.Station, x.Epoch, from);
                return;
            }

            if (x.Count < 1 || x.Passed.Count != (x.Count + 7) / 8 || x.From + x.Count - 1 > station.SeenUpTo)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReportGateActs), $"acts {x.From}..{x.From + x.Count - 1} with {x.Passed.Count} bytes do not fit the accepted triggers 1..{station.SeenUpTo}"));
                return;
            }

            var next = station.ActedUpTo + 1;
            if (x.From == next)
            {
                Decide(
                    new GateActed(Utc, x.Station, x.Epoch, x.From, x.Count, x.Passed),
                    new LedgerEffect.Reply(from, new LineReplies.GateActsRecorded(Line, x.Station, x.Epoch, x.From + x.Count)));
            }
            else if (Committed(x.Station, x.Epoch) is { } committed)
            {
                Reply(from, new LineReplies.GateActsRecorded(Line, x.Station, x.Epoch, committed.ActedUpTo + 1));
            }
        }

        private void Heard(StationId station) => Ledger = Ledger with { _lastHeard = Ledger._lastHeard.SetItem(station, now.Monotonic) };

        private StationState? Current(StationId station, long epoch) =>
            Ledger.Projected.Stations.GetValueOrDefault(station) is { Ended: false } s && s.Epoch == epoch ? s : null;

        private StationState? Committed(StationId station, long epoch) =>
            Ledger.Committed.Stations.GetValueOrDefault(station) is { } s && s.Epoch == epoch ? s : null;

        private bool IsCommitted(StationId station, long epoch) => Committed(station, epoch) is not null;

        private void Refuse(StationId station, string reason, object? from) => Reply(from, new LineReplies.StationRefused(Line, station, reason, Options.RetryAfter));

        /// <summary>
        /// The fence. Like every answer it waits for the journal: told of an end that is then lost with its batch, the holder would leave an
        /// epoch that is still its own. Until then silence, and the lease runs out by itself.
        /// </summary>
        private void Stale(StationId station, long epoch, object? from)
        {
            if (Committed(station, epoch) is not { Ended: false })
            {
                Reply(from, new LineReplies.StaleEpoch(Line, station, epoch, Ledger.Committed.Stations.GetValueOrDefault(station)?.Epoch ?? 0));
            }
        }
    }
}
