using Inspection.Decisions.Station;
using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>
/// One camera as its node has it open: exposures one after the other, a device with a counter of its own, and the frames that it gives joined
/// to the triggers (rule S5). The tickets are its ring: no more frames are under way than there are.
/// </summary>
internal sealed class CameraDevice
{
    private const int Slots = 16;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(12);

    private readonly Plant _plant;
    private readonly SensorNode _sensor;
    private readonly StationShell _station;
    private readonly int _index;
    private readonly Stack<SimTicket> _free = new();
    private readonly Queue<SimTicket> _exposures = new();
    private readonly FrameJoin _join = new(Slots);
    private SimTicket? _exposing;
    private long _epoch;
    private long _device;
    private TimeSpan _offUntil;

    public CameraDevice(Plant plant, SensorNode sensor, StationShell station, CameraId id, int index)
    {
        (_plant, _sensor, _station, Id, _index) = (plant, sensor, station, id, index);
        for (var i = 0; i < Slots; i++)
        {
            _free.Push(new SimTicket(this));
        }
    }

    public CameraId Id { get; }

    public int Index => _index;

    public StationShell Station => _station;

    public bool HasRoom => _free.Count > 0;

    /// <summary>Off for a while, and then it counts from 1 again.</summary>
    public void Restart(TimeSpan off) => (_offUntil, _device) = (_plant.Now + off, 0);

    /// <summary>It misses the next trigger, and does not count it.</summary>
    public bool MissesNext { get; set; }

    /// <summary>It gives a frame nobody asked for, and counts it. Not within an exposure: that frame would show the part as well as the right one.</summary>
    public void Extra()
    {
        if (_exposing is null)
        {
            Frame(0, _plant.Clock(_station.Node));
        }
    }

    public void Expose(TriggerKey key, string externalId, TimeSpan deadlineAt)
    {
        var ticket = _free.Pop();
        ticket.Begin(key, externalId, deadlineAt, _sensor.Package);
        _exposures.Enqueue(ticket);
        ExposeNext();
    }

    /// <summary>The frame's way has ended.</summary>
    public void Return(SimTicket ticket)
    {
        _station.Evidence(new LineCommands.SubmitEvidence(ticket.Key, ticket.ToEvidence()));
        _free.Push(ticket);
    }

    private void ExposeNext()
    {
        if (_exposing is not null || !_exposures.TryDequeue(out var ticket))
        {
            return;
        }

        _exposing = ticket;
        _plant.Trace.Say(_station.Node.Name, $"camera {Id} exposes for trigger {ticket.Key.Counter}, frame {_device} was the last");
        var (key, generation) = (ticket.Key, ticket.Generation);
        var now = _plant.Clock(_station.Node);
        if (key.Epoch != _epoch)
        {
            _epoch = key.Epoch;
            _join.Begin();
        }

        _join.Exposed(key.Counter, now, now + Window);
        _plant.At(Window + TimeSpan.FromTicks(1), _station.Node, () => Overdue(ticket, generation));
        if (_offUntil > _plant.Now)
        {
            return;
        }

        if (MissesNext)
        {
            MissesNext = false;
            return;
        }

        var shows = _plant.Belts.Parts[key].Number;
        var takes = _plant.Random.Ms(1, 9);
        _plant.At(takes, _station.Node, () => Frame(shows, now + takes)); // the device's own time, however late its node looks
    }

    private void Frame(long shows, TimeSpan at)
    {
        if (_offUntil > _plant.Now)
        {
            return;
        }

        var fate = _join.Frame(++_device, at);
        if (fate.Counter == 0 || _exposing is not { } ticket || ticket.Key.Counter != fate.Counter)
        {
            return;
        }

        _plant.Trace.Say(_station.Node.Name, $"camera {Id} joins frame {_device}, which shows part {shows}, to trigger {fate.Counter} {fate.Lost}");
        _exposing = null;
        if (fate.Joins)
        {
            Capture(ticket, shows);
        }
        else
        {
            Lose(ticket, fate.Lost);
        }

        ExposeNext();
    }

    private void Overdue(SimTicket ticket, int generation)
    {
        if (_exposing == ticket && ticket.Generation == generation && _join.Overdue(_plant.Clock(_station.Node)) is { } fate)
        {
            _exposing = null;
            Lose(ticket, fate.Lost);
            ExposeNext();
        }
    }

    private void Lose(SimTicket ticket, string why)
    {
        ticket.EndWith(ViewOutcome.LostAtSource, why);
        _sensor.Route(ticket);
    }

    private void Capture(SimTicket ticket, long shows)
    {
        ticket.Shows = shows;
        if (_plant.Faults.Fires(Fault.CorruptFrame, 0.15))
        {
            ticket.EndWith(_plant.Random.Chance(0.5) ? ViewOutcome.Unreadable : ViewOutcome.NotInspectable, "corrupt");
        }

        _sensor.Route(ticket);
    }
}
