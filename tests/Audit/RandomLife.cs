using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>A station, its cameras and its gate, as random as a seed; commits come late; the supervisor is killed at times.</summary>
internal sealed class RandomLife
{
    private readonly Random _random;
    private readonly Story _story;
    private readonly Story _evidence;
    private readonly LedgerOptions _options = new() { WriterEpoch = "w", WriteOverdue = TimeSpan.MaxValue }; // its journal takes as long as it likes
    private TimeSpan _now = TimeSpan.FromSeconds(10);
    private IReadOnlyList<ILineEvent>? _writing;
    private int _incarnation;

    private RandomLife(int seed, string line)
    {
        _random = new Random(seed);
        (_story, _evidence) = (new Story(line), new Story(line).Begin());
        Ledger = PartLedger.Start(_story.Line, _options);
        Do(new LedgerInput.Recovered());
        foreach (var e in _evidence.Events)
        {
            switch (e)
            {
                case RecipeActivated x:
                    Send(new LineCommands.ActivateRecipe(_story.Line, x.Recipe, x.By, x.Why));
                    break;
                case ModelActivated x:
                    Send(new LineCommands.ActivateModel(_story.Line, x.Policy, x.PackageName, x.Manifest, x.SignatureId, x.Approval, x.By, x.Why));
                    break;
            }
        }

        Acquire();
        _ = Settle();
    }

    public PartLedger Ledger { get; private set; }

    /// <summary>A station speaks of an epoch when it was told of it, and that is after its commit.</summary>
    private StationState? Station => Ledger.Committed.Stations.GetValueOrDefault(Story.Station) is not null && Ledger.Projected.Stations.GetValueOrDefault(Story.Station) is { Ended: false } s && s.Epoch <= Ledger.Committed.LastEpoch ? s : null;

    public static RandomLife Lived(int seed, string line = "tile", int steps = 400)
    {
        var life = new RandomLife(seed, line);
        for (var i = 0; i < steps; i++)
        {
            life.Step();
        }

        return life;
    }

    private void Step()
    {
        _now += TimeSpan.FromMilliseconds(_random.Next(40));
        switch (_random.Next(20))
        {
            case < 4:
                Announce();
                break;
            case < 11:
                Evidence();
                break;
            case < 14:
                Commit();
                break;
            case 14:
                Do(new LedgerInput.Tick());
                break;
            case 15:
                GiveUpRange();
                break;
            case 16 or 17:
                Act();
                break;
            case 18 when _random.Next(3) == 0:
                Erase();
                break;
            case 18 when Station is { } s && _random.Next(4) == 0:
                Send(InterlockChanged.IsStopped(s.Interlock)
                    ? new LineCommands.ResumeStation(_story.Line, Story.Station, "dora", "the lamp was replaced")
                    : new LineCommands.ReportStopped(_story.Line, Story.Station, s.Epoch, s.Interlock, "20 parts in a row had no verdict"));
                break;
            case 18:
                Review();
                break;
            case 19 when _random.Next(10) == 0:
                Kill();
                break;
            case 19 when _random.Next(6) == 0:
                Acquire();
                break;
            case 19 when _random.Next(10) == 0:
                Restore();
                break;
            default:
                break;
        }
    }

    /// <summary>Everything that waits is written.</summary>
    public Story Settle()
    {
        while (_writing is not null)
        {
            Commit();
        }

        return _story;
    }

    private void Acquire() => Send(new LineCommands.AcquireStation(_story.Line, Story.Station, new NodeId("n1"), $"incarnation-{++_incarnation}"));

    private void Announce()
    {
        if (Station is { } s)
        {
            // some again, some new, sometimes with a gap
            var from = Math.Max(1, s.SeenUpTo + 1 - _random.Next(3) + (_random.Next(12) == 0 ? 1 : 0));
            var count = _random.Next(1, 6);
            Send(new LineCommands.AnnounceTriggers(
                _story.Line,
                Story.Station,
                s.Epoch,
                from,
                Enumerable.Range(0, count).Select(i => $"good/{s.Epoch}-{from + i}.png").ToEquatableList(),
                Enumerable.Range(0, count).Select(_ => TimeSpan.FromMilliseconds(_random.Next(-20, 1000))).ToEquatableList()));
        }
    }

    private void Evidence()
    {
        if (Station is { SeenUpTo: > 0 } s)
        {
            var counter = s.Open.IsEmpty || _random.Next(5) == 0 ? _random.NextInt64(1, s.SeenUpTo + 2) : s.Open.Keys.ElementAt(_random.Next(s.Open.Count));
            var camera = _random.Next(2) == 0 ? Story.Top : Story.Side;
            Send(new LineCommands.SubmitEvidence(new TriggerKey(_story.Line, Story.Station, s.Epoch, counter), View(camera)));
        }
    }

    private ViewEvidence View(CameraId camera)
    {
        var score = _random.Next(12) == 0 ? float.NaN : (float)_random.NextDouble();
        float? probability = score > 0.3f && _random.Next(8) != 0 ? (float)_random.NextDouble() : null;
        var outcome = _random.Next(10) == 0 ? (ViewOutcome)_random.Next(1, 7) : ViewOutcome.Scored;
        var view = _evidence.View(camera, score, probability, verified: _random.Next(8) != 0, outcome);
        return _random.Next(4) == 0 ? view : view with { FrameDigest = Digest.Of(BitConverter.GetBytes(_random.NextInt64())), FrameSampled = _random.Next(5) == 0 };
    }

    private void GiveUpRange()
    {
        if (Station is { SeenUpTo: > 3 } s)
        {
            var from = _random.NextInt64(Math.Max(1, s.SeenUpTo - 6), s.SeenUpTo + 1);
            Send(new LineCommands.ReportFellBack(_story.Line, Story.Station, s.Epoch, from, from + _random.Next(4), (FallbackReason)_random.Next(1, 8), "given up"));
        }
    }

    /// <summary>As the gate does: it passes only what it was told of, and that is only what is committed.</summary>
    private void Act()
    {
        if (Station is { } s && Ledger.Committed.Stations.GetValueOrDefault(Story.Station) is { Ended: false } committed && committed.Epoch == s.Epoch && committed.Watermark > s.ActedUpTo)
        {
            var from = s.ActedUpTo + 1;
            var passed = Enumerable.Range(0, (int)Math.Min(5, committed.Watermark - s.ActedUpTo))
                .Select(i => committed.Recent.TryGetValue((s.Epoch, from + i), out var closed) && closed.Conclusion.IsOk && _random.Next(8) != 0).ToArray();
            var bits = passed.Select((p, i) => p ? 1 << i : 0).Sum();
            Send(new LineCommands.ReportGateActs(_story.Line, Story.Station, s.Epoch, from, passed.Length, [(byte)bits]));
        }
    }

    private void Review()
    {
        if (Station is { SeenUpTo: > 0 } s)
        {
            Send(new LineCommands.ReviewPart(_story.Line, new TriggerKey(_story.Line, Story.Station, s.Epoch, _random.NextInt64(1, s.SeenUpTo + 1)), Verdict.Review, "ben", "seen"));
        }
    }

    /// <summary>As a person does, who has read what the journal names.</summary>
    private void Erase()
    {
        var erased = _story.Events.OfType<FrameErased>().Select(e => e.Frame).ToHashSet();
        var named = _story.Events.SelectMany(NamedFrame.Of).Where(f => !erased.Contains(f.Frame)).ToList();
        if (named.Count > 0)
        {
            var (key, camera, frame) = named[_random.Next(named.Count)];
            Send(new LineCommands.EraseFrame(key, camera, frame, "carla", "a person is in the picture"));
        }
    }

    /// <summary>The supervisor dies with what was not written, and comes back from what was.</summary>
    private void Kill()
    {
        _writing = null;
        Recover();
    }

    /// <summary>Its journal is lost, too, and comes back from a backup taken a while ago.</summary>
    private void Restore()
    {
        const int Activations = 4;
        _writing = null;
        var lost = Math.Min(_random.Next(10), Math.Max(0, _story.Events.Count - Activations));
        _story.Events.RemoveRange(_story.Events.Count - lost, lost);
        var state = _story.Events.Aggregate(LedgerState.Empty(_story.Line), (s, e) => s.Apply(e));
        var utc = DateTime.UnixEpoch + _now;
        _story.Events.AddRange(Restoring.Events(state, new JournalRestored(utc.Ticks, Restoring.EpochFloor(utc), utc.Ticks, Digest.Of("backup"u8), "anna@n1")));
        Recover();
        Acquire();
    }

    private void Recover()
    {
        Ledger = _story.Events.Aggregate(PartLedger.Start(_story.Line, _options), (ledger, e) => ledger.Replay(e));
        Do(new LedgerInput.Recovered());
    }

    private void Commit()
    {
        if (_writing is { } batch)
        {
            _writing = null;
            _story.Events.AddRange(batch);
            Do(new LedgerInput.Committed());
        }
    }

    private void Send(ILineMessage message) => Do(new LedgerInput.Received(message, null));

    private void Do(LedgerInput input)
    {
        (Ledger, var effects) = Ledger.Step(input, new Moment(_now, DateTime.UnixEpoch + _now));
        foreach (var persist in effects.OfType<LedgerEffect.Persist>())
        {
            Assert.Null(_writing);
            _writing = persist.Events;
        }

        if (effects.Any(e => e is LedgerEffect.Stop))
        {
            Kill(); // a write that was overdue, or a message from before the journal was restored
        }
    }
}
