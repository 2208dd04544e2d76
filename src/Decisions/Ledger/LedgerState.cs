using System.Collections.Immutable;
using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>A concluded part as the ledger remembers it; MissingViews are the cameras whose evidence would be late.</summary>
public sealed record ClosedPart(Conclusion Conclusion, Disposition Disposition, string DefectClass, ImmutableHashSet<CameraId> MissingViews);

/// <summary>Promise P1 in numbers.</summary>
public sealed record LedgerTotals(long Accepted, long Decided, long Fallback, long Ok, long Ng, long Review)
{
    public static readonly LedgerTotals Zero = new(0, 0, 0, 0, 0, 0);

    public LedgerTotals Count(Conclusion conclusion) => this with
    {
        Decided = Decided + (conclusion.IsDecided ? 1 : 0),
        Fallback = Fallback + (conclusion.IsDecided ? 0 : 1),
        Ok = Ok + (conclusion.Verdict == Verdict.Ok ? 1 : 0),
        Ng = Ng + (conclusion.Verdict == Verdict.Ng ? 1 : 0),
        Review = Review + (conclusion.Verdict == Verdict.Review ? 1 : 0),
    };
}

/// <summary>Rule V7: one station's epoch, what it has seen, what is open, and its last conclusions.</summary>
public sealed record StationState
{
    /// <summary>How many conclusions are answered again with their verdict; older ones are AlreadyConcluded.</summary>
    public const int RememberedConclusions = 1024;

    public required StationId Station { get; init; }

    public required long Epoch { get; init; }

    public required NodeId Holder { get; init; }

    public required string Incarnation { get; init; }

    public bool Ended { get; init; }

    /// <summary>All counters of the epoch up to it are accepted.</summary>
    public long SeenUpTo { get; init; }

    /// <summary>The last accepted part's name, over all epochs: where a file source resumes (rule J7).</summary>
    public string LastExternalId { get; init; } = "";

    /// <summary>The gate's acts up to it are journalled.</summary>
    public long ActedUpTo { get; init; }

    /// <summary>Changes of the gate's interlock so far, over all epochs: after an odd number the line stands.</summary>
    public long Interlock { get; init; }

    /// <summary>Accepted and not concluded: counter to external id.</summary>
    public ImmutableSortedDictionary<long, string> Open { get; init; } = ImmutableSortedDictionary<long, string>.Empty;

    public ImmutableSortedDictionary<(long Epoch, long Counter), ClosedPart> Recent { get; init; } = ImmutableSortedDictionary<(long, long), ClosedPart>.Empty;

    /// <summary>All below and with it are concluded.</summary>
    public long Watermark => Open.IsEmpty ? SeenUpTo : Open.Keys.First() - 1;

    public bool IsConcluded(long counter) => counter >= 1 && counter <= SeenUpTo && !Open.ContainsKey(counter);
}

/// <summary>
/// What a line knows, derived from its events only (rule V6): never live evidence. Immutable; <see cref="Apply"/> is the one way forward,
/// in recovery as in life.
/// </summary>
public sealed record LedgerState
{
    public required LineId Line { get; init; }

    public Recipe? Recipe { get; init; }

    public ImmutableDictionary<Digest, ModelPolicy> Models { get; init; } = ImmutableDictionary<Digest, ModelPolicy>.Empty;

    /// <summary>Unique within the line, over all stations.</summary>
    public long LastEpoch { get; init; }

    public ImmutableDictionary<StationId, StationState> Stations { get; init; } = ImmutableDictionary<StationId, StationState>.Empty;

    public LedgerTotals Totals { get; init; } = LedgerTotals.Zero;

    public long OpenCount => Stations.Values.Sum(s => s.Open.Count);

    /// <summary>accepted = decided + fallback + open (promise P1).</summary>
    public bool IsConserved => Totals.Accepted == Totals.Decided + Totals.Fallback + OpenCount;

    public static LedgerState Empty(LineId line) => new() { Line = line };

    public ModelPolicy? PolicyOf(Digest model) => Models.GetValueOrDefault(model);

    public LedgerState Apply(ILineEvent e) => e switch
    {
        EpochGranted x => On(x),
        TriggersSeen x => On(x),
        EpochEnded x => With(Station(x.Station, x.Epoch) with { Ended = true }),
        RecipeActivated x => this with { Recipe = x.Recipe },
        ModelActivated x => this with { Models = Models.SetItem(x.Policy.ModelDigest, x.Policy) },
        PartConcluded x => On(x),
        PartsFellBack x => On(x),
        GateActed x => With(Station(x.Station, x.Epoch) with { ActedUpTo = x.From + x.Count - 1 }),
        LateEvidence x => On(x),
        PartReviewed or FrameErased => this,
        InterlockChanged x => On(x),
        JournalRestored x => On(x),
        _ => throw new InvalidOperationException($"line {Line}: the ledger does not know the event {e.GetType().Name}"),
    };

    private LedgerState On(EpochGranted e)
    {
        var before = Stations.GetValueOrDefault(e.Station);
        if (before is { Ended: false } || e.Epoch <= LastEpoch)
        {
            throw new InvalidOperationException($"line {Line}: epoch {e.Epoch} was granted while epoch {before?.Epoch} of station {e.Station} is current (last epoch {LastEpoch})");
        }

        var station = new StationState
        {
            Station = e.Station,
            Epoch = e.Epoch,
            Holder = e.Holder,
            Incarnation = e.Incarnation,
            LastExternalId = before?.LastExternalId ?? "",
            Interlock = before?.Interlock ?? 0,
            Recent = before?.Recent ?? ImmutableSortedDictionary<(long, long), ClosedPart>.Empty,
        };
        return this with { LastEpoch = e.Epoch, Stations = Stations.SetItem(e.Station, station) };
    }

    private LedgerState On(TriggersSeen e)
    {
        var station = Station(e.Station, e.Epoch);
        var first = e.UpTo - e.ExternalIds.Count + 1;
        if (first != station.SeenUpTo + 1)
        {
            throw new InvalidOperationException($"line {Line}: triggers {first}..{e.UpTo} of epoch {e.Epoch} do not follow {station.SeenUpTo}");
        }

        var open = station.Open.AddRange(e.ExternalIds.Select((id, i) => KeyValuePair.Create(first + i, id)));
        return With(station with { SeenUpTo = e.UpTo, Open = open, LastExternalId = e.ExternalIds.Count > 0 ? e.ExternalIds[^1] : station.LastExternalId })
            with
        { Totals = Totals with { Accepted = Totals.Accepted + e.ExternalIds.Count } };
    }

    private LedgerState On(PartConcluded e)
    {
        var station = Station(e.Key.Station, e.Key.Epoch);
        var missing = (Recipe?.Views.Where(v => v.Station == e.Key.Station).Select(v => v.Camera) ?? [])
            .Except(e.Views.Select(v => v.Camera)).ToImmutableHashSet();
        return With(Close(station, e.Key.Counter, new ClosedPart(e.Conclusion, e.Disposition, e.DefectClass, missing))) with { Totals = Totals.Count(e.Conclusion) };
    }

    private LedgerState On(PartsFellBack e)
    {
        var station = Station(e.Station, e.Epoch);
        var totals = Totals;
        var closed = new ClosedPart(Conclusion.FellBack(e.Reason), Recipe?.OnFallback ?? Disposition.Hold, "", []);
        for (var counter = e.From; counter <= e.To; counter++)
        {
            station = Close(station, counter, closed);
            totals = totals.Count(closed.Conclusion);
        }

        return With(station) with { Totals = totals };
    }

    private LedgerState On(InterlockChanged e) => Stations.GetValueOrDefault(e.Station) is { } station && e.Change == station.Interlock + 1
        ? With(station with { Interlock = e.Change })
        : throw new InvalidOperationException($"line {Line}: change {e.Change} of the interlock of station {e.Station} does not follow {Stations.GetValueOrDefault(e.Station)?.Interlock}");

    private LedgerState On(JournalRestored e) => Stations.Values.FirstOrDefault(s => !s.Ended) is { } current
        ? throw new InvalidOperationException($"line {Line}: the journal was restored while epoch {current.Epoch} of station {current.Station} is current")
        : this with { LastEpoch = Math.Max(LastEpoch, e.EpochFloor) };

    private LedgerState On(LateEvidence e)
    {
        var station = Stations[e.Key.Station];
        var key = (e.Key.Epoch, e.Key.Counter);
        return station.Recent.TryGetValue(key, out var closed)
            ? With(station with { Recent = station.Recent.SetItem(key, closed with { MissingViews = closed.MissingViews.Remove(e.Camera) }) })
            : this;
    }

    private StationState Close(StationState station, long counter, ClosedPart closed)
    {
        if (!station.Open.ContainsKey(counter))
        {
            throw new InvalidOperationException($"line {Line}: part {Line}/{station.Epoch}/{counter} was concluded twice, or never accepted");
        }

        var recent = station.Recent.SetItem((station.Epoch, counter), closed);
        if (recent.Count > StationState.RememberedConclusions)
        {
            recent = recent.Remove(recent.Keys.First());
        }

        return station with { Open = station.Open.Remove(counter), Recent = recent };
    }

    private StationState Station(StationId id, long epoch) => Stations.GetValueOrDefault(id) is { } station && station.Epoch == epoch && !station.Ended
        ? station
        : throw new InvalidOperationException($"line {Line}: epoch {epoch} of station {id} is not current");

    private LedgerState With(StationState station) => this with { Stations = Stations.SetItem(station.Station, station) };
}
