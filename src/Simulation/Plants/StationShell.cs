using Inspection.Decisions.Gate;
using Inspection.Decisions.Station;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>
/// A station on one sensor node in one life of it: what the station's and the gate's actor are in the product, around the same cores.
/// Between station, gate and cameras nothing is lost: they live and die together.
/// </summary>
internal sealed class StationShell : IStationShell
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan GateEvery = TimeSpan.FromMilliseconds(20);

    private readonly Plant _plant;
    private readonly SensorNode _sensor;
    private readonly StationShape _shape;
    private readonly StationCore _core;
    private readonly Dictionary<long, TimeSpan> _requests = [];
    private readonly string _name;
    private readonly int _life;
    private GateControl? _gate;
    private CameraDevice[] _cameras = [];
    private int _incarnations;
    private int _opened;
    private bool _finished;

    public StationShell(Plant plant, SensorNode sensor, StationShape shape)
    {
        (_plant, _sensor, _shape) = (plant, sensor, shape);
        _life = sensor.Node.Life;
        _name = $"{shape.Station}@{sensor.Node}";
        var options = new StationOptions { DecisionDeadline = plant.Shape.Deadline, Window = shape.Window, MostCounted = shape.MostCounted };
        _core = new StationCore(PlantShape.Line, shape.Station, new NodeId(sensor.Node.Name), options, shape.PerSecond, this);
        plant.Every(TickEvery, sensor.Node, () => Do(() => _core.Tick(Now)));
        if (shape.PerSecond is { } rate)
        {
            var every = TimeSpan.FromMilliseconds(Math.Clamp(1000 / rate / 2, 10, 100));
            plant.Every(every, sensor.Node, () => Do(() => _core.Pace(Now)));
        }
    }

    public Node Node => _sensor.Node;

    public StationShape Shape => _shape;

    public StationCore Core => _core;

    public GateControl? Gate => _gate;

    public IReadOnlyList<CameraDevice> Cameras => _cameras;

    public bool IsFinished => _finished;

    public bool IsAlive => Node.IsUp && Node.Life == _life && !_finished;

    /// <summary>Rule L2, counted by the world: so long after sending each request that was answered.</summary>
    public TimeSpan LeaseUntil { get; private set; }

    bool IStationShell.HasSlots => _cameras.All(c => c.HasRoom);

    private TimeSpan Now => _plant.Clock(Node);

    /// <summary>From the line's supervisor, over the network.</summary>
    public void Hear(ILineMessage message) => Do(() =>
    {
        Lease(message);
        switch (message)
        {
            case LineReplies.GateActsRecorded x:
                Step(new GateInput.Recorded(x.Epoch, x.NextExpected));
                break;
            case LineReplies.InterlockRecorded x:
                Step(new GateInput.InterlockHeard(x.Changes));
                break;
            default:
                _core.On(message, Now);
                break;
        }
    });

    public void Evidence(LineCommands.SubmitEvidence evidence) => Do(() =>
    {
        if (_core.Evidence(evidence, Now))
        {
            _plant.Belts.Parts[evidence.Key].See(evidence.Evidence.Camera, _plant.Now);
        }
    });

    public void Stop() => Do(() => _core.Stop(Now));

    string? IStationShell.NextAfter(string externalId)
    {
        var last = externalId.Length == 0 ? 0 : long.Parse(externalId[1..], System.Globalization.CultureInfo.InvariantCulture);
        return $"p{last + 1}";
    }

    string IStationShell.NewIncarnation() => $"{Node.Name}/{Node.Life}/{++_incarnations}";

    void IStationShell.OpenDevices()
    {
        var opened = ++_opened;
        _gate = new GateControl(PlantShape.Line, _shape.Station, new GateOptions { Transport = _shape.Transport, Travel = _shape.Travel, StopAfter = _shape.StopAfter });
        _cameras = [.. _shape.Cameras.Select((c, i) => new CameraDevice(_plant, _sensor, this, c, i))];
        _plant.Every(GateEvery, Node, () => opened == _opened && _gate is not null && Do(() => Step(GateInput.Tick.Instance)));
    }

    void IStationShell.CloseDevices()
    {
        _opened++;
        (_gate, _cameras) = (null, []);
    }

    void IStationShell.Tell(ILineMessage message)
    {
        if (message is LineCommands.AcquireStation { Request: var request })
        {
            _requests[request] = _plant.Now;
        }
        else if (message is LineCommands.RenewStation { Request: var renewal })
        {
            _requests[renewal] = _plant.Now;
        }

        _plant.Supervisors.Tell(Node, message, this);
    }

    void IStationShell.Tell(GateInput input)
    {
        switch (input)
        {
            case GateInput.Announce x:
                _plant.Belts.Stamp(_shape, new TriggerKey(PlantShape.Line, _shape.Station, x.Epoch, x.Counter), Node);
                break;
            case GateInput.Begin x:
                _plant.Belts.GateBegins(_shape.Station, x.Epoch);
                break;
        }

        // a mailbox: after what the station does now
        _plant.At(TimeSpan.Zero, Node, () => Step(input));
    }

    void IStationShell.Expose(TriggerKey key, string externalId, TimeSpan deadlineAt)
    {
        if (LeaseUntil <= _plant.Now || _core.Window.Open > _shape.Window || _gate is not { } gate)
        {
            throw _plant.Broken($"L3, V5: {_name} inspects {key} with its lease until {LeaseUntil} and {_core.Window.Open} of {_shape.Window} parts open");
        }

        foreach (var camera in _cameras)
        {
            camera.Expose(key, externalId, deadlineAt);
        }
    }

    void IStationShell.Concluded(TriggerKey key, Conclusion conclusion)
    {
        if (key.Epoch != _core.Window.Epoch)
        {
            throw _plant.Broken($"P2: {_name} takes the conclusion of {key} for one of epoch {_core.Window.Epoch}");
        }
    }

    void IStationShell.ConclusionsLost()
    {
    }

    void IStationShell.Finished(long triggers)
    {
        _plant.Trace.Say(_name, $"ended after {triggers} triggers");
        if (_gate is { IsHalted: true } && _plant.Auditor.MayRun(_shape.Station))
        {
            throw _plant.Broken($"interlock: a person has let {_name} run again, and it stands");
        }

        _finished = true;
        _opened++;
        _gate = null;
    }

    void IStationShell.Note(StationNote note)
    {
        _plant.Trace.Say(_name, $"notes {note}");
        if (note is StationNote.GaveUp x)
        {
            _plant.Belts.Last!.GivenUp = x.Reason;
        }
    }

    private void Lease(ILineMessage message)
    {
        var (request, lasts) = message switch
        {
            LineReplies.StationGranted x => (x.Request, x.LeaseDuration),
            LineReplies.StationRenewed x => (x.Request, x.LeaseDuration),
            _ => default,
        };
        if (_requests.TryGetValue(request, out var sent) && sent + lasts > LeaseUntil)
        {
            LeaseUntil = sent + lasts;
        }
    }

    private bool Do(Action action)
    {
        if (_finished || Node.Life != _life)
        {
            return false;
        }

        action();
        Bounded();
        return !_finished;
    }

    private void Step(GateInput input)
    {
        if (_gate is not { } gate)
        {
            return;
        }

        foreach (var effect in gate.Step(input, Now).ToArray())
        {
            Perform(effect);
        }

        if (input is GateInput.Begin && !gate.IsHalted)
        {
            _plant.Belts.Run(_shape); // what the gate of another life left at the permission to run is set right
        }
    }

    private void Perform(GateEffect effect)
    {
        switch (effect)
        {
            case GateEffect.Pass x:
                var passed = _plant.Belts.Pulse(this, x.Act);
                _plant.Trace.Say(_name, $"passes {x.Act.Key.Counter} of epoch {x.Act.Key.Epoch}");
                if (_plant.Faults.IsScripted || _plant.Faults.IsQuiet || !_plant.Random.Chance(0.03)) // else the ejector acts, and never says so
                {
                    _plant.At(_plant.Random.Ms(0, 30), Node, () => Step(new GateInput.Acted(x.Act.Key, passed)));
                }

                break;
            case GateEffect.Divert x:
                _plant.Trace.Say(_name, $"diverts {x.Act.Key.Counter} of epoch {x.Act.Key.Epoch}: {x.Act.Why}");
                break;
            case GateEffect.Tell x:
                ((IStationShell)this).Tell(x.Message);
                break;
            case GateEffect.Halt:
                _plant.Belts.Halt(_shape);
                _plant.At(TimeSpan.Zero, Node, () => Do(() => _core.Halted(true, Now)));
                break;
            case GateEffect.Run:
                _plant.Belts.Run(_shape);
                _plant.At(TimeSpan.Zero, Node, () => Do(() => _core.Halted(false, Now)));
                break;
            case GateEffect.Drained x:
                _plant.At(TimeSpan.Zero, Node, () => Do(() => _core.Drained(x.Epoch, Now)));
                break;
        }
    }

    /// <summary>Promise P8.</summary>
    private void Bounded()
    {
        var most = Math.Max(_shape.Window, _shape.MostCounted);
        if (_shape.PerSecond is null && _gate?.Core.OnBelt > (5 * _shape.Window) + 1)
        {
            throw _plant.Broken($"P8: {_gate.Core.OnBelt} parts wait at the gate of {_name}, whose window is {_shape.Window}");
        }

        if (_gate is { } gate && gate.Core.Known > gate.Core.OnBelt)
        {
            throw _plant.Broken($"P8: the gate of {_name} knows {gate.Core.Known} verdicts, and {gate.Core.OnBelt} parts are on its belt");
        }

        if (_core.Window.Open > most || _gate?.Core.OnBelt > most + 100 || _gate?.Core.Unreported > most + 5000)
        {
            throw _plant.Broken($"P8: station {_name} has {_core.Window.Open} parts open, {_gate?.Core.OnBelt} on its belt and {_gate?.Core.Unreported} acts to report; {most} are the most");
        }
    }
}
