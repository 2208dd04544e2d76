using Inspection.Decisions.Ledger;
using Inspection.Decisions.Policy;
using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Checking;

/// <summary>An epoch as the journal tells it.</summary>
internal sealed class AuditedEpoch(StationId station, long number, NodeId holder)
{
    public StationId Station => station;

    public long Number => number;

    public NodeId Holder => holder;

    public long Seen { get; set; }

    public long Acted { get; set; }

    public int Open { get; set; }

    public bool IsEnded { get; set; }

    public EpochTail Tail { get; set; }
}

/// <summary>
/// Reads every record as it is committed, shares no code with the ledger's state, and watches what the ledger says and remembers. Fails at
/// the first thing that breaks P1 to P4, P8 or a rule of the journal.
/// </summary>
internal sealed partial class Auditor(Plant plant)
{
    private readonly Dictionary<TriggerKey, Conclusion?> _parts = [];
    private readonly Dictionary<StationId, AuditedEpoch> _current = [];
    private readonly Dictionary<long, AuditedEpoch> _epochs = [];
    private readonly Dictionary<Digest, ModelPolicy> _models = [];
    private readonly Dictionary<StationId, long> _interlocks = [];
    private readonly Dictionary<StationId, TimeSpan> _interlockAt = [];
    private readonly Dictionary<TriggerKey, TimeSpan> _acceptedAt = [];
    private readonly HashSet<(TriggerKey, CameraId)> _late = [];
    private readonly HashSet<(object, int)> _writing = [];
    private readonly ChainWriter _chain = new(PlantShape.Line);
    private LedgerState _replayed = LedgerState.Empty(PlantShape.Line);
    private Recipe? _recipe;
    private long _lastEpoch;

    /// <summary>Parts with a terminal record.</summary>
    public int Closed { get; private set; }

    public long Accepted => _parts.Count;

    public Dictionary<Conclusion, long> Counts { get; } = [];

    public IReadOnlyDictionary<long, AuditedEpoch> Epochs => _epochs;

    public IEnumerable<TriggerKey> OpenKeys => _parts.Where(p => p.Value is null).Select(p => p.Key);

    public Conclusion? Find(TriggerKey key) => _parts.GetValueOrDefault(key);

    public bool IsAccepted(TriggerKey key) => _parts.ContainsKey(key);

    public AuditedEpoch? Current(StationId station) => _current.GetValueOrDefault(station);

    public long Interlock(StationId station) => _interlocks.GetValueOrDefault(station);

    public void Committed(long first, IReadOnlyList<Sealed> batch)
    {
        if (first != _chain.NextSequence)
        {
            throw plant.Broken($"V4: record {first} is committed after {_chain.NextSequence - 1}: the journal has a hole");
        }

        if (batch.Count > plant.Shape.MaxBatch)
        {
            throw plant.Broken($"V4: a batch of {batch.Count} records");
        }

        foreach (var stored in batch)
        {
            try
            {
                var e = _chain.Accept(stored).Event;
                Read(e);
                _replayed = _replayed.Apply(e);
            }
            catch (BrokenChainException e)
            {
                throw new PromiseBrokenException($"J1: {e.Message}", e);
            }
        }
    }

    /// <summary>Rule V4: one write at a time.</summary>
    public void Writes(object writer, int incarnation)
    {
        if (!_writing.Add((writer, incarnation)))
        {
            throw plant.Broken("V4: a second write while one is under way");
        }
    }

    public void Written(object writer, int incarnation) => _writing.Remove((writer, incarnation));

    /// <summary>Promises P1 and P8 at every step of a ledger.</summary>
    public void Look(PartLedger ledger)
    {
        if (!ledger.Committed.IsConserved || !ledger.Projected.IsConserved)
        {
            throw plant.Broken("P1: accepted is not decided + fallback + open");
        }

        if (ledger.Waiting > 4 * 4096)
        {
            throw plant.Broken($"P8: {ledger.Waiting} events wait for the journal");
        }
    }

    /// <summary>Rule V6: a snapshot is what the journal holds up to its sequence.</summary>
    public void Snapshot(LedgerEffect.Snapshot snapshot)
    {
        if (snapshot.Sequence > plant.Journal.Records.Count)
        {
            throw plant.Broken($"V6: a snapshot at {snapshot.Sequence}, and the journal has {plant.Journal.Records.Count} records");
        }

        // where another writer has gone on meanwhile there is nothing to compare with
        if (snapshot.Sequence == plant.Journal.Records.Count && !Bytes(_replayed).AsSpan().SequenceEqual(Bytes(snapshot.State)))
        {
            throw plant.Broken($"V6: the snapshot at {snapshot.Sequence} is not what the records make");
        }
    }

    private static byte[] Bytes(LedgerState state) => new LedgerSnapshot(1, Digest.None, state).ToBytes();

    private void Read(ILineEvent e)
    {
        switch (e)
        {
            case EpochGranted x:
                Grant(x);
                break;
            case TriggersSeen x:
                See(x);
                break;
            case EpochEnded x:
                End(x);
                break;
            case RecipeActivated x:
                _recipe = x.Recipe;
                break;
            case ModelActivated x:
                _models[x.Policy.ModelDigest] = x.Policy;
                break;
            case PartConcluded x:
                Conclude(x);
                break;
            case PartsFellBack x:
                for (var counter = x.From; counter <= x.To; counter++)
                {
                    Close(new TriggerKey(PlantShape.Line, x.Station, x.Epoch, counter), Conclusion.FellBack(x.Reason));
                }

                break;
            case GateActed x:
                Act(x);
                break;
            case LateEvidence x:
                Unless(Find(x.Key) is not null && _late.Add((x.Key, x.Camera)), $"W8: late evidence of {x.Key} {x.Camera} is recorded twice, or the part is open");
                break;
            case InterlockChanged x:
                Unless(x.Change == Interlock(x.Station) + 1 && x.By.Length == 0 == InterlockChanged.IsStopped(x.Change), $"G: change {x.Change} of the interlock after {Interlock(x.Station)}, by '{x.By}'");
                _interlocks[x.Station] = x.Change;
                _interlockAt[x.Station] = plant.Now;
                break;
            default:
                throw plant.Broken($"nobody audits {e.GetType().Name}");
        }
    }

    private void Grant(EpochGranted x)
    {
        Unless(x.Epoch > _lastEpoch, $"L1: epoch {x.Epoch} is granted after {_lastEpoch}");
        Unless(Current(x.Station) is null or { IsEnded: true }, $"J2: epoch {x.Epoch} is granted before the one before is ended");
        foreach (var other in plant.Sensors.SelectMany(s => s.Stations).Where(s => s.IsAlive && s.Shape.Station == x.Station && s.Node.Name != x.Holder.Value && Acts(s)))
        {
            Unless(other.LeaseUntil <= plant.Now, $"L2: epoch {x.Epoch} of {x.Station} is granted to {x.Holder}, and {other.Node} may act until {other.LeaseUntil}");
        }

        _lastEpoch = x.Epoch;
        _current[x.Station] = _epochs[x.Epoch] = new AuditedEpoch(x.Station, x.Epoch, x.Holder);
    }

    /// <summary>It holds an epoch that it has not given back.</summary>
    private bool Acts(StationShell station) => _epochs.GetValueOrDefault(station.Core.Window.Epoch) is { } epoch && !(epoch.IsEnded && epoch.Tail == EpochTail.Exact);

    private void See(TriggersSeen x)
    {
        var epoch = Live(x.Station, x.Epoch);
        Unless(x.ExternalIds.Count > 0 && epoch.Seen + x.ExternalIds.Count == x.UpTo, $"J2: triggers to {x.UpTo} follow {epoch.Seen} with {x.ExternalIds.Count} ids");
        foreach (var id in x.ExternalIds)
        {
            var key = new TriggerKey(PlantShape.Line, x.Station, x.Epoch, ++epoch.Seen);
            Unless(_parts.TryAdd(key, null), $"P1: {key} is accepted twice");
            Unless(plant.Belts.Parts.ContainsKey(key), $"P1: {key} is accepted and was never stamped");
            _acceptedAt[key] = plant.Now;
            epoch.Open++;
        }
    }

    private void End(EpochEnded x)
    {
        var epoch = Live(x.Station, x.Epoch);
        Unless(epoch.Open == 0, $"J2: epoch {x.Epoch} is ended with {epoch.Open} parts open");
        Unless(x.Last == epoch.Seen, $"J2: epoch {x.Epoch} is ended with last {x.Last}, and {epoch.Seen} were accepted");
        Unless(x.Tail != EpochTail.Exact || !plant.Belts.Parts.ContainsKey(new TriggerKey(PlantShape.Line, x.Station, x.Epoch, x.Last + 1)), $"J2: the tail of epoch {x.Epoch} is called exact at {x.Last}, and more were stamped");
        (epoch.IsEnded, epoch.Tail) = (true, x.Tail);
    }

    private void Conclude(PartConcluded x)
    {
        Close(x.Key, x.Conclusion);
        var again = PartPolicy.Judge(_recipe!, x.Key.Station, x.Views, m => _models.GetValueOrDefault(m));
        Unless(again.Conclusion == x.Conclusion && again.Disposition == x.Disposition, $"P6: {x.Key} is {x.Conclusion}, and its record says {again.Conclusion}");
        Unless(!x.Conclusion.IsOk || x.Elapsed < x.Deadline, $"P4: {x.Key} is OK after {x.Elapsed}, its deadline is {x.Deadline}");
        plant.Belts.Judge(x);
    }

    /// <summary>Rule G5: what the gate says that it did is what happened.</summary>
    private void Act(GateActed x)
    {
        var epoch = Live(x.Station, x.Epoch);
        Unless(x.From == epoch.Acted + 1 && x.Count > 0 && epoch.Acted + x.Count <= epoch.Seen, $"J4: acts {x.From} to {x.From + x.Count - 1} after {epoch.Acted}, of {epoch.Seen} triggers");
        for (var i = 0; i < x.Count; i++)
        {
            var key = new TriggerKey(PlantShape.Line, x.Station, x.Epoch, x.From + i);
            var part = plant.Belts.Parts[key];
            Unless(part.Passed == x.IsPassed(i), $"G5: {key} {(part.Passed ? "passed" : "was diverted")}, and the journal says otherwise");
        }

        epoch.Acted += x.Count;
    }

    private void Close(TriggerKey key, Conclusion conclusion)
    {
        Unless(_parts.TryGetValue(key, out var before), $"P1: {key} is concluded and was never accepted");
        Unless(before is null, $"P2: {key} is concluded as {conclusion}, and was as {before}");
        _parts[key] = conclusion;
        Live(key.Station, key.Epoch).Open--;
        Closed++;
        Counts[conclusion] = Counts.GetValueOrDefault(conclusion) + 1;
    }

    private AuditedEpoch Live(StationId station, long epoch) => Current(station) is { IsEnded: false } e && e.Number == epoch
        ? e
        : throw plant.Broken($"L1: a record of epoch {epoch} of {station}, which is not current");

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Unless(bool holds, FormattableString otherwise)
    {
        if (!holds)
        {
            throw plant.Broken(FormattableString.Invariant(otherwise));
        }
    }
}
