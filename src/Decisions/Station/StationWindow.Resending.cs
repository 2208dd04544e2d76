using Inspection.Protocol;

namespace Inspection.Decisions.Station;

// what is said again, and how it is put together (rule V5)
public sealed partial class StationWindow
{
    /// <summary>
    /// An answer that accepts nothing new: an announcement before it was lost, and what follows is not accepted without it. It is due at once
    /// with all that follows, not each after its own back-off; unless it was sent so lately that its own answer may still come.
    /// </summary>
    private void CloseGap(TimeSpan now)
    {
        var mayStillCome = true;
        foreach (var (counter, trigger) in _open)
        {
            if (counter <= AcceptedUpTo)
            {
                continue;
            }

            mayStillCome &= now - trigger.SentAt < options.FirstResend / 2;
            if (mayStillCome)
            {
                return;
            }

            trigger.AtOnce(now);
        }
    }

    /// <summary>One message over the whole gap from the oldest to the newest that is due, at most 256 triggers. Returns the last it covers.</summary>
    private long AnnounceAgain(List<KeyValuePair<long, OpenTrigger>> due, TimeSpan now)
    {
        const int most = 256;
        var first = due[0].Key;
        var last = Math.Min(due[^1].Key, first + most - 1);
        var ids = new List<string>();
        var left = new List<TimeSpan>();
        for (var counter = first; counter <= last; counter++)
        {
            if (!_open.TryGetValue(counter, out var trigger))
            {
                if (ids.Count > 0)
                {
                    Flush(counter);
                }

                continue;
            }

            ids.Add(trigger.ExternalId);
            // a trigger given up while nobody listened must not conclude as Deadline: its own reason follows
            left.Add(trigger.GivenUp is null ? Later(trigger.DeadlineAt - now, TimeSpan.Zero) : options.DecisionDeadline);
        }

        if (ids.Count > 0)
        {
            Flush(last + 1);
        }

        return last;

        void Flush(long next)
        {
            _out.Add(new LineCommands.AnnounceTriggers(line, station, Epoch, next - ids.Count, ids.ToEquatableList(), left.ToEquatableList(), AcceptedUpTo, _writer));
            ids.Clear();
            left.Clear();
        }
    }

    /// <summary>Runs of equal reason among the accepted triggers that were given up.</summary>
    private void ReportGivenUp(TimeSpan now, bool again = false)
    {
        (long From, long To, OpenTrigger Trigger)? run = null;
        foreach (var (counter, trigger) in _open)
        {
            if (trigger.GivenUp is null || counter > AcceptedUpTo || (trigger.Reported && !again))
            {
                continue;
            }

            trigger.Reported = true;
            if (run is { } r && counter == r.To + 1 && r.Trigger.GivenUp == trigger.GivenUp && r.Trigger.Detail == trigger.Detail)
            {
                run = (r.From, counter, r.Trigger);
                continue;
            }

            Report(run);
            run = (counter, counter, trigger);
        }

        Report(run);

        void Report((long From, long To, OpenTrigger Trigger)? range)
        {
            if (range is { } x)
            {
                _out.Add(new LineCommands.ReportFellBack(line, station, Epoch, x.From, x.To, x.Trigger.GivenUp!.Value, x.Trigger.Detail));
            }
        }
    }
}
