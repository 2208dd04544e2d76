using Inspection.Decisions.Ledger;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>
/// A line's supervisor on one node: what the actor is in the product, around the same ledger and the same chain. Each incarnation reads the
/// journal, goes on from there, and is followed by another where it stops.
/// </summary>
internal sealed class LineShell
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(20);

    private readonly Plant _plant;
    private readonly Node _node;
    private readonly List<(ILineMessage Message, object Sender)> _stash = [];
    private PartLedger? _ledger;
    private ChainWriter _chain = new(PlantShape.Line);
    private int _incarnation;
    private bool _ended;
    private bool _wakes;

    public LineShell(Plant plant, Node node)
    {
        (_plant, _node) = (plant, node);
        Recover();
    }

    public PartLedger? Ledger => _ledger;

    public Node Node => _node;

    /// <summary>Since when this incarnation decides.</summary>
    public TimeSpan LiveSince { get; private set; }

    public void Receive(ILineMessage message, object sender)
    {
        if (_ended)
        {
            return;
        }

        if (_ledger is null)
        {
            if (_stash.Count < 1000)
            {
                _stash.Add((message, sender));
            }

            return;
        }

        Step(new LedgerInput.Received(message, sender));
    }

    /// <summary>The cluster moved the line elsewhere.</summary>
    public void End() => (_ended, _ledger) = (true, null);

    private LedgerOptions Options() => new()
    {
        WriterEpoch = $"{_node.Name}/{_node.Life}/{_incarnation}",
        WriteEvery = WriteEvery,
        SnapshotEvery = _plant.Shape.SnapshotEvery,
        MaxBatch = _plant.Shape.MaxBatch,
    };

    private void Recover()
    {
        var mine = ++_incarnation;
        _plant.Trace.Say(_node.Name, $"recovers the line");
        _plant.Journal.Read(_node, (records, snapshot) =>
        {
            if (mine == _incarnation && !_ended)
            {
                Start(records, snapshot);
            }
        });

        // a read that nobody answers is asked again
        _plant.At(TimeSpan.FromSeconds(1), _node, () =>
        {
            if (mine == _incarnation && _ledger is null && !_ended)
            {
                Recover();
            }
        });
    }

    private void Start(IReadOnlyList<Sealed> records, byte[]? snapshot)
    {
        var from = 0;
        _chain = new ChainWriter(PlantShape.Line);
        var ledger = PartLedger.Start(PlantShape.Line, Options());
        if (snapshot is not null)
        {
            var kept = LedgerSnapshot.FromBytes(snapshot);
            from = (int)kept.Sequence;
            _chain = new ChainWriter(PlantShape.Line, kept.Sequence + 1, kept.Head);
            ledger = PartLedger.Start(kept.State, kept.Sequence, Options());
        }

        for (var i = from; i < records.Count; i++)
        {
            ledger = ledger.Replay(_chain.Accept(records[i]).Event);
        }

        (_ledger, LiveSince) = (ledger, _plant.Now);
        _plant.Trace.Say(_node.Name, $"holds {records.Count} records");
        Step(new LedgerInput.Recovered());
        var mine = _incarnation;
        _plant.Every(TickEvery, _node, () =>
        {
            if (mine != _incarnation || _ended)
            {
                return false;
            }

            Step(new LedgerInput.Tick());
            return true;
        });
        foreach (var (message, sender) in _stash.ToArray())
        {
            Receive(message, sender);
        }

        _stash.Clear();
    }

    private void Step(LedgerInput input)
    {
        if (_ledger is null)
        {
            return;
        }

        var (next, effects) = _ledger.Step(input, new Moment(_plant.Clock(_node), _plant.Utc(_node)));
        _ledger = next;
        _plant.Auditor.Look(next);
        foreach (var effect in effects)
        {
            if (!Perform(effect))
            {
                return;
            }
        }

        if (_ledger.NextWriteAt is { } due && !_wakes)
        {
            var mine = _incarnation;
            _wakes = true;
            _plant.At(due - _plant.Clock(_node), _node, () =>
            {
                _wakes = false;
                if (mine == _incarnation && !_ended)
                {
                    Step(new LedgerInput.Tick());
                }
            });
        }
    }

    private bool Perform(LedgerEffect effect)
    {
        switch (effect)
        {
            case LedgerEffect.Persist persist:
                Write(persist.Events);
                return true;
            case LedgerEffect.Reply reply:
                Tell(reply.To, reply.Message is LineQueries.LineStatus status ? status with { Sequence = _chain.NextSequence - 1, Head = _chain.Head } : reply.Message);
                return true;
            case LedgerEffect.TellStation tell:
                Tell(tell.To, tell.Message);
                return true;
            case LedgerEffect.Snapshot snapshot:
                _plant.Auditor.Snapshot(snapshot);
                _plant.Journal.Snapshot = new LedgerSnapshot(snapshot.Sequence, _chain.Head, snapshot.State).ToBytes();
                return true;
            case LedgerEffect.Stop stop:
                _plant.Trace.Say(_node.Name, $"ends an incarnation: {stop.Why}");
                _ledger = null;
                _incarnation++;
                _plant.At(_plant.Random.Ms(200, 1500), _node, () =>
                {
                    if (!_ended)
                    {
                        Recover();
                    }
                });
                return false;
            default:
                throw _plant.Broken($"nobody performs the effect {effect.GetType().Name}");
        }
    }

    private void Write(IReadOnlyList<ILineEvent> events)
    {
        var mine = _incarnation;
        var first = _chain.NextSequence;
        Sealed[] batch = [.. events.Select(_chain.Seal)];
        _plant.Auditor.Writes(this, mine);
        foreach (var decided in events.OfType<PartConcluded>())
        {
            _plant.Auditor.Decides(decided, this);
        }

        _plant.Journal.Write(_node, first, batch, problem =>
        {
            _plant.Auditor.Written(this, mine);
            if (mine == _incarnation && !_ended)
            {
                Step(problem is null ? new LedgerInput.Committed() : new LedgerInput.WriteFailed(problem));
            }
        });
    }

    private void Tell(object? to, ILineMessage message)
    {
        _plant.Auditor.Told(message);
        switch (to)
        {
            case StationShell station:
                _plant.Network.Send(_node, station.Node, Wire.Remoting, message, () => station.Hear(message));
                break;
            case Operator someone:
                _plant.At(TimeSpan.FromMilliseconds(1), null, () => someone.Hear(message));
                break;
        }
    }
}
