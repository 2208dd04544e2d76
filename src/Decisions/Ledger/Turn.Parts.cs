using System.Collections.Immutable;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

public sealed partial record PartLedger
{
    private sealed partial class Turn
    {
        /// <summary>Rules S6, J2: new triggers are accepted with the next batch; known ones are answered, or get their deadline back.</summary>
        private void Announce(LineCommands.AnnounceTriggers x, object? from)
        {
            if (Current(x.Station, x.Epoch) is not { } station)
            {
                Stale(x.Station, x.Epoch, from);
                return;
            }

            if (x.From < 1)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.AnnounceTriggers), $"counter {x.From}: an epoch's first trigger is 1"));
                return;
            }

            if (x.ExternalIds.Count == 0 || x.ExternalIds.Count != x.TimeLeft.Count)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.AnnounceTriggers), $"{x.ExternalIds.Count} ids with {x.TimeLeft.Count} times left: one of each is needed for each trigger"));
                return;
            }

            Heard(x.Station);
            var isTimed = x.Writer.Length == 0 || x.Writer == Options.WriterEpoch; // else it waited through a recovery, and comes again
            var last = x.From + x.ExternalIds.Count - 1;
            for (var counter = x.From; counter <= last && counter <= station.SeenUpTo; counter++)
            {
                AnnouncedAgain(new TriggerKey(Line, x.Station, x.Epoch, counter), x.TimeLeft[(int)(counter - x.From)], isTimed, from);
            }

            // a gap means that an earlier announcement was lost: it comes again, and this one with it
            if (x.From > station.SeenUpTo + 1 || last <= station.SeenUpTo)
            {
                Reply(from, new LineReplies.TriggersAccepted(Line, x.Station, x.Epoch, Committed(x.Station, x.Epoch)?.SeenUpTo ?? 0));
                return;
            }

            var skip = (int)(station.SeenUpTo + 1 - x.From);
            See(x.Station, x.Epoch, last, x.ExternalIds.Skip(skip).ToEquatableList(), from);
            for (var i = skip; i < x.ExternalIds.Count; i++)
            {
                var key = new TriggerKey(Line, x.Station, x.Epoch, x.From + i);
                OpenUntil(key, now.Monotonic + x.TimeLeft[i], isTimed);
                if (x.TimeLeft[i] <= TimeSpan.Zero)
                {
                    Conclude(key); // rule L4: nothing left concludes at once
                }
            }
        }

        private void AnnouncedAgain(TriggerKey key, TimeSpan timeLeft, bool isTimed, object? from)
        {
            if (Ledger._parts.TryGetValue(key, out var part))
            {
                OpenUntil(key, Earlier(part.DeadlineAt, now.Monotonic + timeLeft), part.IsTimed || (isTimed && timeLeft > TimeSpan.Zero));
                if (timeLeft <= TimeSpan.Zero || (!part.IsTimed && isTimed && IsComplete(key.Station, part.Views)))
                {
                    Conclude(key); // rule L4; or its evidence was here before its time was known
                }
            }
            else
            {
                AnswerConcluded(key, from);
            }
        }

        /// <summary>Accepts triggers; joins an acceptance that is not being written yet (it only moves forward in the journal's order).</summary>
        private void See(StationId station, long epoch, long upTo, EquatableList<string> ids, object? from)
        {
            var accepted = new LedgerEffect.Reply(from, new LineReplies.TriggersAccepted(Line, station, epoch, upTo));
            var e = new TriggersSeen(Utc, station, epoch, upTo, ids);
            var index = Ledger._pending.FindLastIndex(p => p.Event is TriggersSeen seen && seen.Station == station && seen.Epoch == epoch);
            if (index < 0)
            {
                Decide(e, accepted);
                return;
            }

            var earlier = (TriggersSeen)Ledger._pending[index].Event;
            var joined = earlier with { UpTo = upTo, ExternalIds = earlier.ExternalIds.Concat(ids).ToEquatableList() };
            Ledger = Ledger with
            {
                Projected = Ledger.Projected.Apply(e),
                _pending = Ledger._pending.SetItem(index, new PendingEvent(joined, [accepted])),
            };
        }

        /// <summary>Evidence in any order and any number of copies: the first per camera counts (promise P2).</summary>
        private void Submit(LineCommands.SubmitEvidence x, object? from)
        {
            var key = x.Key;
            if (Ledger._parts.TryGetValue(key, out var part))
            {
                if (!IsRequired(key.Station, x.Evidence.Camera))
                {
                    Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.SubmitEvidence), $"the recipe names no camera {x.Evidence.Camera} at station {key.Station}"));
                    return;
                }

                Reply(from, new LineReplies.EvidenceReceived(key, x.Evidence.Camera));
                if (part.Views.ContainsKey(x.Evidence.Camera))
                {
                    return;
                }

                var views = part.Views.Add(x.Evidence.Camera, x.Evidence);
                Ledger = Ledger with { _parts = Ledger._parts.SetItem(key, part with { Views = views }) };
                if (part.IsTimed && IsComplete(key.Station, views))
                {
                    Conclude(key);
                }

                return;
            }

            if (Ledger.Projected.Stations.GetValueOrDefault(key.Station) is not { } station || key.Epoch < station.Epoch || station.Ended)
            {
                Stale(key.Station, key.Epoch, from);
                return;
            }

            if (AnswerConcluded(key, from) is { } closed && closed.MissingViews.Contains(x.Evidence.Camera)
                && Ledger.Projected.Stations[key.Station].Recent.TryGetValue((key.Epoch, key.Counter), out var projected) && projected.MissingViews.Contains(x.Evidence.Camera))
            {
                Decide(new LateEvidence(Utc, key, x.Evidence.Camera, x.Evidence.Outcome, x.Evidence.CoarseScore, x.Evidence.FrameDigest));
            }

            // beyond what was announced: the session sends announcement and evidence again
        }

        /// <summary>Rules V3, V7: a committed conclusion is answered again; one that is being written is not answered at all.</summary>
        private ClosedPart? AnswerConcluded(TriggerKey key, object? from)
        {
            if (Committed(key.Station, key.Epoch) is not { } station || !station.IsConcluded(key.Counter))
            {
                return null;
            }

            if (station.Recent.TryGetValue((key.Epoch, key.Counter), out var closed))
            {
                Reply(from, new LineReplies.PartClosed(key, closed.Conclusion, closed.Disposition, closed.DefectClass));
                return closed;
            }

            Reply(from, new LineReplies.AlreadyConcluded(key));
            return null;
        }

        /// <summary>Rule V2: deadlines that have come; and a write that has had no reply for too long (rule V4).</summary>
        public void OnTick()
        {
            if (Ledger is { InFlight: > 0, _wroteAt: { } at } && now.Monotonic - at > Options.WriteOverdue)
            {
                Stop($"a write of {Ledger.InFlight} events has had no reply for {(now.Monotonic - at).TotalSeconds:0.0} s");
                return;
            }

            while (!Ledger._deadlines.IsEmpty && Ledger._deadlines.Min.At <= now.Monotonic)
            {
                Conclude(Ledger._deadlines.Min.Key);
            }
        }

        private void Conclude(TriggerKey key)
        {
            var part = Ledger._parts[key];
            var state = Ledger.Projected;
            var recipe = state.Recipe!;
            var views = recipe.Views.Where(v => v.Station == key.Station && part.IsTimed && part.Views.ContainsKey(v.Camera)).Select(v => part.Views[v.Camera]).ToEquatableList();
            var judgement = PartPolicy.Judge(recipe, key.Station, views, state.PolicyOf);
            var e = new PartConcluded
            {
                UtcTicks = Utc,
                Key = key,
                ExternalId = state.Stations[key.Station].Open[key.Counter],
                RecipeName = recipe.Name,
                Views = FrameRetention.Recorded(views, judgement.Conclusion),
                Conclusion = judgement.Conclusion,
                Reason = judgement.Reason,
                Disposition = judgement.Disposition,
                DefectClass = judgement.DefectClass,
                NearMissMargin = judgement.Margin,
                Deadline = recipe.DecisionDeadline,
                Elapsed = recipe.DecisionDeadline - (part.DeadlineAt - now.Monotonic),
                WriterEpoch = Options.WriterEpoch,
            };
            Forget(key.Station, key.Epoch, key.Counter, key.Counter);
            Decide(e, new LedgerEffect.TellStation(key.Station, new LineReplies.PartClosed(key, judgement.Conclusion, judgement.Disposition, judgement.DefectClass)));
        }

        private void OpenUntil(TriggerKey key, TimeSpan deadline, bool isTimed)
        {
            var views = ImmutableDictionary<CameraId, ViewEvidence>.Empty;
            var deadlines = Ledger._deadlines;
            if (Ledger._parts.TryGetValue(key, out var before))
            {
                (views, deadlines) = (before.Views, deadlines.Remove((before.DeadlineAt, key)));
            }

            Ledger = Ledger with
            {
                _parts = Ledger._parts.SetItem(key, new OpenPart(deadline, views, isTimed)),
                _deadlines = deadlines.Add((deadline, key)),
            };
        }

        private void Forget(StationId station, long epoch, long from, long to)
        {
            var parts = Ledger._parts.ToBuilder();
            var deadlines = Ledger._deadlines.ToBuilder();
            for (var counter = from; counter <= to; counter++)
            {
                var key = new TriggerKey(Line, station, epoch, counter);
                if (parts.TryGetValue(key, out var part))
                {
                    _ = parts.Remove(key);
                    _ = deadlines.Remove((part.DeadlineAt, key));
                }
            }

            Ledger = Ledger with { _parts = parts.ToImmutable(), _deadlines = deadlines.ToImmutable() };
        }

        private bool IsRequired(StationId station, CameraId camera) => Ledger.Projected.Recipe!.Views.Any(v => v.Station == station && v.Camera == camera);

        /// <summary>By name, not by number: after a change of recipe a part may hold views that no longer count.</summary>
        private bool IsComplete(StationId station, ImmutableDictionary<CameraId, ViewEvidence> views) =>
            Ledger.Projected.Recipe!.Views.All(v => v.Station != station || views.ContainsKey(v.Camera));

        /// <summary>After a change of recipe: parts that now have all they need do not wait for their deadline.</summary>
        private void ConcludeComplete()
        {
            foreach (var (key, _) in Ledger._parts.Where(p => p.Value is { IsTimed: true, Views.Count: > 0 } && IsComplete(p.Key.Station, p.Value.Views)).OrderBy(p => p.Key))
            {
                Conclude(key);
            }
        }

        private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }
}
