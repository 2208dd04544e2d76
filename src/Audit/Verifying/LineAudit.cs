using Inspection.Audit.Frames;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>
/// Judges one line's records in their order: epochs rise, end before the next and are not used after their end; triggers are counted
/// without gaps; each accepted one has exactly one terminal record, and none is there without acceptance; the gate passes only what has a
/// committed OK before (promise P3); an OK rests only on models that were activated before (promise P4). It looks at what records
/// say together, and does not derive verdicts: that is the replay's work.
/// </summary>
internal sealed partial class LineAudit(LineId line, Action<Finding> report)
{
    private readonly Dictionary<StationId, StationAudit> _stations = [];

    /// <summary>Of epochs that ended: whose, and how many triggers it had.</summary>
    private readonly Dictionary<long, (StationId Station, long Last)> _past = [];
    private readonly Dictionary<StationId, long> _interlocks = [];

    private readonly Dictionary<Digest, ModelPolicy> _models = [];
    private Recipe? _recipe;
    private long _lastEpoch;
    private long _accepted;
    private long _decided;
    private long _fallback;
    private long _passed;
    private long _actUnknown;
    private long _unknownTails;
    private long _epochs;
    private long _restores;
    private readonly LineFrames _frames = new(line, report);
    private ChainRecord? _last;

    /// <summary>False once the counting of triggers itself is broken: what follows cannot be judged, only chained.</summary>
    private bool _judging = true;

    public LineVerification Result => new(
        line.Value,
        _last?.Sequence ?? 0,
        (_last?.Hash ?? Digest.None).ToString(),
        _epochs,
        _accepted,
        _decided,
        _fallback,
        _stations.Values.Sum(s => (long)s.OpenCount),
        _passed,
        _actUnknown,
        _unknownTails,
        _restores);

    /// <param name="store">Null: there is none to look in.</param>
    public FrameTotals CheckFrames(IFrameStore? store) => _frames.Check(store);

    public void Apply(ChainRecord record)
    {
        _last = record;
        if (!_judging)
        {
            return;
        }

        switch (record.Event)
        {
            case EpochGranted e:
                On(e);
                break;
            case TriggersSeen e:
                On(e);
                break;
            case EpochEnded e:
                On(e);
                break;
            case RecipeActivated e:
                _recipe = e.Recipe;
                break;
            case ModelActivated e:
                On(e);
                break;
            case PartConcluded e:
                On(e);
                break;
            case PartsFellBack e:
                On(e);
                break;
            case GateActed e:
                On(e);
                break;
            case PartReviewed e:
                On(e);
                break;
            case LateEvidence e:
                On(e);
                break;
            case FrameErased e:
                On(e);
                break;
            case InterlockChanged e:
                On(e);
                break;
            case JournalRestored e:
                On(e);
                break;
            case ILogEvent:
                Find(FindingKind.Chain, "it is a record of the plant's log, and lies in a line");
                break;
            default:
                throw new InvalidOperationException($"the verifier does not know the event {record.Event.GetType().Name}: teach it");
        }
    }

    private void On(EpochGranted e)
    {
        _epochs++;
        if (e.Epoch <= _lastEpoch)
        {
            Find(FindingKind.Epoch, $"epoch {e.Epoch} is granted, and epoch {_lastEpoch} was granted before: epochs only rise");
        }

        if (_stations.GetValueOrDefault(e.Station) is { } before)
        {
            if (!before.Ended)
            {
                Find(FindingKind.Epoch, $"epoch {e.Epoch} of station {e.Station} is granted before epoch {before.Epoch} was ended");
            }

            _past[before.Epoch] = (before.Station, before.Seen);
        }

        _lastEpoch = Math.Max(_lastEpoch, e.Epoch);
        _stations[e.Station] = new StationAudit(e.Station, e.Epoch);
    }

    private void On(TriggersSeen e)
    {
        if (Current(e.Station, e.Epoch, "triggers are accepted") is not { } station)
        {
            return;
        }

        var first = e.UpTo - e.ExternalIds.Count + 1;
        if (first != station.Seen + 1)
        {
            Find(FindingKind.Counter, $"triggers {first}..{e.UpTo} of epoch {e.Epoch} are accepted after trigger {station.Seen}: counters have no gaps and no repeats; later records of the line are checked only for their chain");
            _judging = false;
            return;
        }

        foreach (var id in e.ExternalIds)
        {
            station.Accept(id);
        }

        _accepted += e.ExternalIds.Count;
    }

    private void On(EpochEnded e)
    {
        if (Current(e.Station, e.Epoch, "an epoch ends") is not { } station)
        {
            return;
        }

        if (e.Last != station.Seen)
        {
            Find(FindingKind.Counter, $"epoch {e.Epoch} is ended with last trigger {e.Last}, and {station.Seen} were accepted");
        }

        if (station.OpenCount > 0)
        {
            Find(FindingKind.Terminal, $"epoch {e.Epoch} is ended with {station.OpenCount} triggers that have no terminal record, the first {Part(station, station.FirstOpen)}");
        }

        station.Ended = true;
        _actUnknown += station.Seen - station.Acted;
        _unknownTails += e.Tail == EpochTail.Unknown ? 1 : 0;
    }

    /// <summary>What followed the backup is lost; nothing of it may come again.</summary>
    private void On(JournalRestored e)
    {
        _restores++;
        foreach (var station in _stations.Values.Where(s => !s.Ended))
        {
            Find(FindingKind.Epoch, $"the journal was restored while epoch {station.Epoch} of station {station.Station} was current: it may go on where the lost records went on");
        }

        if (e.EpochFloor < _lastEpoch)
        {
            Find(FindingKind.Epoch, $"the journal was restored with epoch floor {e.EpochFloor}, and epoch {_lastEpoch} was granted before");
        }

        _lastEpoch = Math.Max(_lastEpoch, e.EpochFloor);
    }

    private StationAudit? Current(StationId id, long epoch, string what)
    {
        var station = _stations.GetValueOrDefault(id);
        if (station is { Ended: false } && station.Epoch == epoch)
        {
            return station;
        }

        var state = station is null ? "no epoch was granted to it" : station.Ended ? $"its epoch {station.Epoch} was ended" : $"its current epoch is {station.Epoch}";
        Find(FindingKind.Epoch, $"{what} in epoch {epoch} of station {id}, but {state}");
        return null;
    }

    private string Part(StationAudit station, long counter) => new TriggerKey(line, station.Station, station.Epoch, counter).ToString();

    private void Find(FindingKind kind, string what) => report(new Finding(kind, line.Value, _last!.Sequence, what));
}
