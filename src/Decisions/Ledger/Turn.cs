using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

public sealed partial record PartLedger
{
    /// <summary>One step in the making: the ledger so far and the effects so far. Lives only inside <see cref="Step"/>.</summary>
    private sealed partial class Turn(PartLedger ledger, Moment now)
    {
        private readonly List<LedgerEffect> _effects = [];

        public PartLedger Ledger { get; private set; } = ledger;

        public IReadOnlyList<LedgerEffect> Effects => _effects;

        private LedgerOptions Options => Ledger.Options;

        private LineId Line => Ledger.Committed.Line;

        private long Utc => now.Utc.Ticks;

        public void On(ILineMessage message, object? from)
        {
            if (Behind(message) is { } what)
            {
                Stop($"{what}, and this ledger does not have it: another writer has gone on in the journal");
                return;
            }

            Remember(message, from);
            switch (message)
            {
                case LineCommands.AcquireStation x:
                    Acquire(x, from);
                    break;
                case LineCommands.RenewStation x:
                    Renew(x, from);
                    break;
                case LineCommands.ReleaseStation x:
                    Release(x, from);
                    break;
                case LineCommands.AnnounceTriggers x:
                    Announce(x, from);
                    break;
                case LineCommands.SubmitEvidence x:
                    Submit(x, from);
                    break;
                case LineCommands.ReportFellBack x:
                    FellBack(x, from);
                    break;
                case LineCommands.ReportGateActs x:
                    GateActs(x, from);
                    break;
                case LineCommands.ActivateRecipe x:
                    Activate(x, from);
                    break;
                case LineCommands.ActivateModel x:
                    Activate(x, from);
                    break;
                case LineCommands.ReviewPart x:
                    Review(x, from);
                    break;
                case LineCommands.EraseFrame x:
                    Erase(x, from);
                    break;
                case LineCommands.ReportStopped x:
                    Stopped(x, from);
                    break;
                case LineCommands.ResumeStation x:
                    Resume(x, from);
                    break;
                case LineQueries.GetLineStatus:
                    Reply(from, Status());
                    break;
                default:
                    Reply(from, new LineReplies.Refused(Line, message.GetType().Name, "a line supervisor does not take this message"));
                    break;
            }
        }

        /// <summary>Rule V2: the batch is committed, so its answers may leave.</summary>
        public void OnCommitted()
        {
            var written = Ledger._inFlight;
            var state = Ledger.Committed;
            foreach (var pending in written)
            {
                state = state.Apply(pending.Event);
                foreach (var effect in pending.AfterCommit)
                {
                    _effects.Add(effect is LedgerEffect.TellStation tell ? tell with { To = Ledger._holders.GetValueOrDefault(tell.Station) } : effect);
                }
            }

            Ledger = Ledger with { Committed = state, Sequence = Ledger.Sequence + written.Length, _inFlight = [] };
            if (Ledger.Sequence - Ledger._snapshotAt >= Options.SnapshotEvery)
            {
                Ledger = Ledger with { _snapshotAt = Ledger.Sequence };
                _effects.Add(new LedgerEffect.Snapshot(Ledger.Sequence, state));
            }
        }

        /// <summary>Rule V4: what is in flight may be in the journal or not; only who reads it again can tell.</summary>
        public void Stop(string why)
        {
            Ledger = Ledger with { _stopped = true };
            _effects.Add(new LedgerEffect.Stop(why));
        }

        /// <summary>After a recovery open parts have no deadline until their session announces them again; until then the recipe's.</summary>
        public void OnRecovered()
        {
            Ledger = Ledger with { _recoveredAt = now.Monotonic };
            var left = Ledger.Committed.Recipe?.DecisionDeadline ?? TimeSpan.Zero;
            foreach (var station in Ledger.Committed.Stations.Values.Where(s => !s.Ended))
            {
                foreach (var counter in station.Open.Keys)
                {
                    OpenUntil(new TriggerKey(Line, station.Station, station.Epoch, counter), now.Monotonic + left, isTimed: false);
                }
            }
        }

        /// <summary>Rule V4: at most one write at a time; what came meanwhile, and within <see cref="LedgerOptions.WriteEvery"/>, forms the next batch.</summary>
        public void WriteNext()
        {
            if (!Ledger._inFlight.IsEmpty || Ledger._pending.IsEmpty || (Ledger.NextWriteAt is { } due && now.Monotonic < due))
            {
                return;
            }

            var batch = Ledger._pending.Take(Options.MaxBatch).ToArray();
            Ledger = Ledger with { _inFlight = [.. batch], _pending = Ledger._pending.RemoveRange(0, batch.Length), _wroteAt = now.Monotonic };
            _effects.Add(new LedgerEffect.Persist([.. batch.Select(p => p.Event)]));
        }

        /// <summary>What is active already is not journalled again: a restart of the plant changes nothing.</summary>
        private void Activate(LineCommands.ActivateRecipe x, object? from)
        {
            var activated = new LineReplies.Activated(Line, $"recipe {x.Recipe.Name}");
            if (Ledger.Committed.Recipe == x.Recipe && Ledger.Projected.Recipe == x.Recipe)
            {
                Reply(from, activated);
                return;
            }

            Decide(new RecipeActivated(Utc, x.Recipe, x.By, x.Why), new LedgerEffect.Reply(from, activated));
            ConcludeComplete();
        }

        private void Activate(LineCommands.ActivateModel x, object? from)
        {
            var activated = new LineReplies.Activated(Line, $"model {x.PackageName}");
            if (Ledger.Committed.PolicyOf(x.Policy.ModelDigest) == x.Policy && Ledger.Projected.PolicyOf(x.Policy.ModelDigest) == x.Policy)
            {
                Reply(from, activated);
                return;
            }

            Decide(
                new ModelActivated(Utc, x.Policy, x.PackageName, x.Manifest, x.SignatureId, x.Approval, x.By, x.Why),
                new LedgerEffect.Reply(from, activated));
        }

        private void Decide(ILineEvent e, params ReadOnlySpan<LedgerEffect> afterCommit) => Ledger = Ledger with
        {
            Projected = Ledger.Projected.Apply(e),
            _pending = Ledger._pending.Add(new PendingEvent(e, [.. afterCommit])),
        };

        /// <summary>
        /// Rule J6: the journal's unique sequence stops a zombie when it writes; but one that wrote after this ledger was read, and nothing since,
        /// would leave this one behind for ever, refusing all that builds on what it does not know. Every answer follows its commit, so a station
        /// that was told more than is committed here was told it by another.
        /// </summary>
        private string? Behind(ILineMessage message)
        {
            (StationId Station, long Epoch) about = message switch
            {
                LineCommands.RenewStation x => (x.Station, x.Epoch),
                LineCommands.ReleaseStation x => (x.Station, x.Epoch),
                LineCommands.AnnounceTriggers x => (x.Station, x.Epoch),
                LineCommands.SubmitEvidence x => (x.Key.Station, x.Key.Epoch),
                LineCommands.ReportFellBack x => (x.Station, x.Epoch),
                LineCommands.ReportGateActs x => (x.Station, x.Epoch),
                LineCommands.ReportStopped x => (x.Station, x.Epoch),
                _ => default,
            };
            if (about.Epoch > Ledger.Committed.LastEpoch)
            {
                return $"station {about.Station} was granted epoch {about.Epoch}";
            }

            return Committed(about.Station, about.Epoch) is not { } station ? null : message switch
            {
                LineCommands.AnnounceTriggers x when x.AcceptedUpTo > station.SeenUpTo => $"triggers to {x.AcceptedUpTo} of epoch {x.Epoch} were accepted",
                LineCommands.ReportGateActs x when x.From > station.ActedUpTo + 1 => $"acts below {x.From} of epoch {x.Epoch} were recorded",
                LineCommands.ReportStopped x when x.Changes > station.Interlock => $"change {x.Changes} of the interlock of station {x.Station} was recorded",
                _ => null,
            };
        }

        /// <summary>Who speaks for a current epoch is its holder's handle: later notices for the station go there. A node that only asks for a lease is none.</summary>
        private void Remember(ILineMessage message, object? from)
        {
            (StationId Station, long Epoch)? holder = message switch
            {
                LineCommands.RenewStation x => (x.Station, x.Epoch),
                LineCommands.AnnounceTriggers x => (x.Station, x.Epoch),
                LineCommands.SubmitEvidence x => (x.Key.Station, x.Key.Epoch),
                LineCommands.ReportFellBack x => (x.Station, x.Epoch),
                _ => null,
            };
            if (holder is { } h && Current(h.Station, h.Epoch) is not null && !(Ledger._holders.TryGetValue(h.Station, out var known) && Equals(known, from)))
            {
                Ledger = Ledger with { _holders = Ledger._holders.SetItem(h.Station, from) };
            }
        }

        private void Reply(object? to, ILineMessage message) => _effects.Add(new LedgerEffect.Reply(to, message));

        private LineQueries.LineStatus Status()
        {
            var state = Ledger.Committed;
            var totals = state.Totals;
            return new LineQueries.LineStatus(
                Line,
                state.Recipe?.Name ?? "",
                totals.Accepted,
                totals.Decided,
                totals.Fallback,
                state.OpenCount,
                totals.Ok,
                totals.Ng,
                totals.Review,
                Sequence: 0,
                Head: Digest.None,
                state.Stations.Values.OrderBy(s => s.Station.Value, StringComparer.Ordinal)
                    .Select(s => new LineQueries.StationStatus(s.Station, s.Epoch, s.Holder.Value, s.Ended, s.SeenUpTo, s.Watermark, s.Open.Count, s.ActedUpTo, s.Interlock))
                    .ToEquatableList());
        }
    }
}
