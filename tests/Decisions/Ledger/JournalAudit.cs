using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>
/// An auditor of its own: it reads committed events one by one, shares no code with <c>LedgerState</c>, and fails at the first record that
/// breaks a promise (P1, P2, J2, J4, L1, R0).
/// </summary>
internal sealed class JournalAudit
{
    private readonly Dictionary<TriggerKey, string> _accepted = [];
    private readonly Dictionary<TriggerKey, Conclusion> _terminal = [];
    private readonly Dictionary<TriggerKey, HashSet<CameraId>> _late = [];
    private readonly Dictionary<StationId, Epoch> _current = [];
    private readonly Dictionary<long, Epoch> _epochs = [];
    private readonly Dictionary<Digest, ModelPolicy> _models = [];
    private readonly Dictionary<StationId, long> _interlocks = [];
    private Recipe? _recipe;
    private long _lastEpoch;

    public IReadOnlyDictionary<TriggerKey, Conclusion> Terminal => _terminal;

    /// <summary>How many parts ended in each conclusion.</summary>
    public Dictionary<Conclusion, long> Counts { get; } = [];

    public long Accepted => _accepted.Count;

    public long Open => _accepted.Count - _terminal.Count;

    public IEnumerable<TriggerKey> OpenKeys => _accepted.Keys.Where(k => !_terminal.ContainsKey(k));

    public Epoch? Current(StationId station) => _current.GetValueOrDefault(station);

    /// <summary>Any epoch the journal has granted, current or ended.</summary>
    public Epoch? Find(long epoch) => _epochs.GetValueOrDefault(epoch);

    public void Read(ILineEvent e)
    {
        switch (e)
        {
            case EpochGranted x:
                Assert.True(x.Epoch > _lastEpoch, $"epoch {x.Epoch} was granted after {_lastEpoch}");
                Assert.True(Current(x.Station) is null or { Ended: true }, $"epoch {x.Epoch} was granted before the one before ended");
                _lastEpoch = x.Epoch;
                _current[x.Station] = _epochs[x.Epoch] = new Epoch(x.Station, x.Epoch, x.Holder, x.Incarnation);
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
                Assert.True(x.From <= x.To, $"an empty range {x.From}..{x.To}");
                for (var c = x.From; c <= x.To; c++)
                {
                    Close(new TriggerKey(Given.Line, x.Station, x.Epoch, c), Conclusion.FellBack(x.Reason));
                }

                break;
            case GateActed x:
                var epoch = Live(x.Station, x.Epoch);
                Assert.Equal(epoch.ActedUpTo + 1, x.From);
                Assert.Equal((x.Count + 7) / 8, x.Passed.Count);
                epoch.ActedUpTo += x.Count;
                Assert.True(epoch.ActedUpTo <= epoch.SeenUpTo, $"acts up to {epoch.ActedUpTo} on {epoch.SeenUpTo} accepted triggers");
                break;
            case LateEvidence x:
                Assert.True(_terminal.ContainsKey(x.Key), $"evidence of {x.Key} is called late, and the part is open");
                Assert.True(_late.TryGetValue(x.Key, out var late) ? late.Add(x.Camera) : _late.TryAdd(x.Key, [x.Camera]), $"late evidence of {x.Key} {x.Camera} twice");
                break;
            case PartReviewed x:
                Assert.Equal(_terminal[x.Key], x.Before);
                break;
            case FrameErased x:
                Assert.True(_terminal.ContainsKey(x.Key), $"a frame of {x.Key} is erased, and the part is open");
                break;
            case InterlockChanged x:
                Assert.Equal(_interlocks.GetValueOrDefault(x.Station) + 1, x.Change);
                Assert.Equal(x.By.Length == 0, InterlockChanged.IsStopped(x.Change)); // the gate stops it, a person lets it run
                _interlocks[x.Station] = x.Change;
                break;
            default:
                Assert.Fail($"no auditor knows {e.GetType().Name}");
                break;
        }
    }

    private void See(TriggersSeen x)
    {
        var epoch = Live(x.Station, x.Epoch);
        Assert.True(x.ExternalIds.Count > 0, "TriggersSeen of nothing");
        Assert.Equal(epoch.SeenUpTo + x.ExternalIds.Count, x.UpTo);
        foreach (var id in x.ExternalIds)
        {
            _accepted.Add(new TriggerKey(Given.Line, x.Station, x.Epoch, ++epoch.SeenUpTo), id);
        }
    }

    private void End(EpochEnded x)
    {
        var epoch = Live(x.Station, x.Epoch);
        Assert.DoesNotContain(OpenKeys, k => k.Epoch == x.Epoch);
        Assert.Equal(epoch.SeenUpTo, x.Last);
        (epoch.Ended, epoch.Tail) = (true, x.Tail);
    }

    private void Conclude(PartConcluded x)
    {
        Close(x.Key, x.Conclusion);
        Assert.Equal(_accepted[x.Key], x.ExternalId);
        var again = PartPolicy.Judge(_recipe!, x.Key.Station, x.Views, m => _models.GetValueOrDefault(m));
        Assert.Equal(again.Conclusion, x.Conclusion); // R0, from what the journal holds alone
        Assert.Equal(again.Disposition, x.Disposition);
        if (x.Conclusion.IsOk)
        {
            Assert.True(x.Elapsed < x.Deadline, $"OK after {x.Elapsed}, deadline {x.Deadline}"); // promise P4
            Assert.Equal(_recipe!.Views.Count(v => v.Station == x.Key.Station), x.Views.Count);
        }
    }

    private void Close(TriggerKey key, Conclusion conclusion)
    {
        Assert.True(_accepted.ContainsKey(key), $"{key} was concluded and never accepted");
        Assert.True(_terminal.TryAdd(key, conclusion), $"{key} was concluded twice");
        _ = Live(key.Station, key.Epoch);
        Counts[conclusion] = Counts.GetValueOrDefault(conclusion) + 1;
    }

    private Epoch Live(StationId station, long epoch)
    {
        Assert.True(_current.TryGetValue(station, out var current) && current.Number == epoch && !current.Ended, $"a record of epoch {epoch} of {station}, which is not current");
        return current!;
    }

    internal sealed class Epoch(StationId station, long number, NodeId holder, string incarnation)
    {
        public StationId Station { get; } = station;

        public long Number { get; } = number;

        public NodeId Holder { get; } = holder;

        public string Incarnation { get; } = incarnation;

        public long SeenUpTo { get; set; }

        public long ActedUpTo { get; set; }

        public bool Ended { get; set; }

        public EpochTail Tail { get; set; }
    }
}
