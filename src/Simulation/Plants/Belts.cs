using Inspection.Decisions.Gate;
using Inspection.Decisions.Policy;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>A part of the world: what it is, when it passed the cameras, and what was done with it. The line knows none of this.</summary>
internal sealed class Part(long number, StationShape station, TriggerKey key, TimeSpan stampedAt, string node)
{
    private readonly HashSet<CameraId> _views = [];

    public long Number => number;

    public StationShape Station => station;

    public TriggerKey Key => key;

    /// <summary>Virtual time.</summary>
    public TimeSpan StampedAt => stampedAt;

    public TimeSpan ArrivesAt => stampedAt + station.Travel + Stood;

    /// <summary>How long its belt stood while it was on it.</summary>
    public TimeSpan Stood { get; set; }

    /// <summary>Whose cameras saw it.</summary>
    public string Node => node;

    public bool Passed { get; set; }

    /// <summary>When its station had the last of its views.</summary>
    public TimeSpan CompleteAt { get; private set; }

    /// <summary>Why its station counted it and did not inspect it; null where it did.</summary>
    public FallbackReason? GivenUp { get; set; }

    public bool IsComplete => _views.Count == station.Cameras.Count;

    public void See(CameraId camera, TimeSpan now)
    {
        if (_views.Add(camera))
        {
            CompleteAt = now;
        }
    }

    /// <summary>Different for each camera, and for each part: a score that belongs to another part is found by its bits.</summary>
    public Look Look(int camera) => Plants.Look.Of(number, camera);
}

/// <summary>What a camera sees of a part, and what the models say of it.</summary>
internal readonly record struct Look(float Score, float Ood, int Regions, float Probability)
{
    public static Look Of(long number, int camera)
    {
        var mix = new Rng((ulong)((number * 31) + camera));
        var kind = mix.Next(100);
        var unique = ((number % 5000) + (camera * 0.25f)) / 50_000f; // below 0.1
        return kind switch
        {
            < 74 => new Look(0.3f + unique, 1, 0, float.NaN),
            < 84 => new Look(1.2f + unique, 1, 1 + (kind & 1), 0.05f + unique),
            < 90 => new Look(2.4f + unique, 1, 1, 0.85f + unique),
            < 93 => new Look(1.5f + unique, 1, 2, 0.4f + unique),
            < 95 => new Look(0.3f + unique, 20 + unique, 0, float.NaN),
            < 98 => new Look(5f + unique, 1, 1, 0.05f + unique),
            98 => new Look(2f - 0.0005f, 1, 1, 0.05f + unique), // within the tolerance of the threshold for NG
            _ => new Look(1f - 0.0005f, 1, 1, 0.05f + unique), // and of the candidate's
        };
    }

    /// <summary>Whether this view alone lets the part be OK.</summary>
    public bool IsGood(bool hasVerifier) => Ood < 10 && (hasVerifier ? Score < 4 && (Score < 0.99f || Probability < 0.2f) : Score < 1.9f);

    public bool IsBad(bool hasVerifier) => Ood < 10 && (hasVerifier ? Regions > 0 && Probability > 0.8f : Score > 2.1f);
}

/// <summary>The belts: which parts there are, and what the ejectors did with them. Promise P3 and rules G1-G3, L2 are watched here.</summary>
internal sealed class Belts(Plant plant)
{
    private readonly Dictionary<TriggerKey, Part> _parts = [];
    private readonly Dictionary<StationId, (long Epoch, TimeSpan BeganAt)> _gates = [];
    private readonly Dictionary<StationId, TimeSpan> _standsSince = [];
    private long _number;

    public IReadOnlyDictionary<TriggerKey, Part> Parts => _parts;

    /// <summary>Parts that passed their cameras, whose conclusion the journal does not hold.</summary>
    public int Open => _parts.Count - plant.Auditor.Closed;

    public long Passed { get; private set; }

    /// <summary>The part that was stamped last.</summary>
    public Part? Last { get; private set; }

    /// <summary>Views with a candidate that no verifier looked at.</summary>
    public long Unverified { get; private set; }

    /// <summary>A part passes the cameras.</summary>
    public void Stamp(StationShape station, TriggerKey key, Node node)
    {
        if (!_parts.TryAdd(key, new Part(++_number, station, key, plant.Now, node.Name)))
        {
            throw plant.Broken($"S4: {key} of station {key.Station} was triggered twice");
        }

        Last = _parts[key];
    }

    /// <summary>Rule G3 counts from here.</summary>
    public void GateBegins(StationId station, long epoch) => _gates[station] = (epoch, plant.Now);

    /// <summary>The interlock takes the belt's permission to run away: what is on it stands.</summary>
    public void Halt(StationShape station)
    {
        plant.Trace.Say(station.Station.Value, $"stands");
        _ = _standsSince.TryAdd(station.Station, plant.Now);
    }

    public void Run(StationShape station)
    {
        plant.Trace.Say(station.Station.Value, $"runs");
        if (_standsSince.Remove(station.Station, out var since))
        {
            foreach (var part in _parts.Values.Where(p => p.Station == station && p.ArrivesAt > since))
            {
                part.Stood += plant.Now - since;
            }
        }
    }

    /// <summary>The ejector's pulse: whatever is in front of it passes.</summary>
    public bool Pulse(StationShell shell, GateAct act)
    {
        var (station, node, key) = (shell.Shape, shell.Node, act.Key);
        if (shell.LeaseUntil <= plant.Now)
        {
            throw plant.Broken($"L2: {node} passed {key}, and its lease ended at {shell.LeaseUntil}");
        }

        if (!_parts.TryGetValue(key, out var part))
        {
            throw plant.Broken($"G2: a pulse for {key}, and no such part was stamped");
        }

        if (part.Passed)
        {
            throw plant.Broken($"P2: {key} was passed twice");
        }

        if (plant.Auditor.Find(key) is not { IsOk: true } conclusion)
        {
            throw plant.Broken($"P3: {key} passed, and the journal has {plant.Auditor.Find(key)?.ToString() ?? "nothing"} for it");
        }

        var current = plant.Auditor.Current(station.Station);
        if (current is null || (current.Number != key.Epoch && current.Holder.Value != node.Name))
        {
            throw plant.Broken($"L1: node {node} passed {key}, and the journal has given the station to {current?.Holder} in epoch {current?.Number}");
        }

        if (!ReferenceEquals(part.Station, station) || part.Node != node.Name)
        {
            throw plant.Broken($"G2: the gate of {node} passed {key}, which {part.Node} stamped");
        }

        if (station.Transport == Transport.Conveyor)
        {
            var late = plant.Now - part.ArrivesAt;
            if (late < TimeSpan.Zero || late > new GateOptions { Transport = Transport.Conveyor, Travel = station.Travel }.PassWindow)
            {
                throw plant.Broken($"G1: the pulse for {key} came {late.TotalMilliseconds:0.0} ms after it arrived: another part was there");
            }

            if (_standsSince.ContainsKey(station.Station))
            {
                throw plant.Broken($"G1: {key} was passed on a belt that stands");
            }

            if (part.StampedAt < _gates[station.Station].BeganAt)
            {
                throw plant.Broken($"G3: {key} was in transit when its gate began, and passed");
            }
        }

        part.Passed = true;
        Passed++;
        return true;
    }

    /// <summary>Promise P4 from what the world knows: an OK needs every view of this very part, good.</summary>
    public void Judge(PartConcluded e)
    {
        if (!_parts.TryGetValue(e.Key, out var part))
        {
            throw plant.Broken($"P1: {e.Key} was concluded, and no such part was stamped");
        }

        foreach (var view in e.Views)
        {
            var camera = part.Station.Cameras.ToList().IndexOf(view.Camera);
            var look = part.Look(camera);
            if (view.Outcome == ViewOutcome.Scored && float.IsFinite(view.CoarseScore) && BitConverter.SingleToInt32Bits(view.CoarseScore) != BitConverter.SingleToInt32Bits(look.Score))
            {
                throw plant.Broken($"S5, W3: {e.Key} was given the score {view.CoarseScore} by camera {view.Camera}, which is another part's; its own is {look.Score}");
            }

            Unverified += view.Candidates.Any(c => !c.Verified) ? 1 : 0;
            if (e.Conclusion.IsOk && !(view.Outcome == ViewOutcome.Scored && look.IsGood(plant.Shape.HasVerifier) && float.IsFinite(view.CoarseScore) && float.IsFinite(view.OodScore)))
            {
                throw plant.Broken($"P4: {e.Key} is OK, and camera {view.Camera} saw {look} with outcome {view.Outcome}");
            }

            if (e.Conclusion.IsOk && plant.Shape.HasVerifier && look.Regions > 0 && (view.Candidates.Count != look.Regions || view.Candidates.Any(c => !c.Verified || c.DefectProbability != look.Probability)))
            {
                throw plant.Broken($"P4, W7: {e.Key} is OK, and not every candidate of camera {view.Camera} was verified");
            }
        }

        if (e.Conclusion.IsOk && e.Views.Count != part.Station.Cameras.Count)
        {
            throw plant.Broken($"P4: {e.Key} is OK with {e.Views.Count} of {part.Station.Cameras.Count} views");
        }
    }

    /// <summary>What a part of a plant without faults must be.</summary>
    public static Verdict Truth(Part part, bool hasVerifier)
    {
        var looks = part.Station.Cameras.Select((_, i) => part.Look(i)).ToArray();
        return looks.Any(l => l.IsBad(hasVerifier)) ? Verdict.Ng : looks.All(l => l.IsGood(hasVerifier)) ? Verdict.Ok : Verdict.Review;
    }
}
