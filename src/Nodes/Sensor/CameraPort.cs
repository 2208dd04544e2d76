using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor.Streams;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// Between a station and one of its cameras: the ring, the tickets and the way in, all allocated once (promise P8). The station exposes,
/// the camera's graph takes; no message and no managed memory a frame.
/// </summary>
public sealed class CameraPort(CameraPlan plan, LineModels models)
{
    private readonly TicketPool _tickets = new(plan.RingSlots);

    public CameraPlan Plan => plan;

    public FrameRing Ring { get; } = new(plan.RingSlots, checked((int)(plan.MaxMegapixels * 3_000_000)), models.Coarse.Manifest.Preparation.TensorLength);

    public TicketInbox Inbox { get; } = new(plan.RingSlots);

    /// <summary>Rule S1: the station's trigger; the camera exposes now. Any thread; only while <see cref="HasRoom"/>.</summary>
    public void Expose(TriggerKey key, string externalId, TimeSpan deadlineAt, long exposureUtcTicks)
    {
        var ticket = _tickets.Take();
        ticket.Begin(key, externalId, deadlineAt, exposureUtcTicks, models);
        Inbox.Expose(ticket);
    }

    /// <summary>
    /// Whether a slot and a ticket are free (rule S3). A slot may outlast its ticket: what a worker node stopped reading is held until its
    /// stream ends (rule W3).
    /// </summary>
    public bool HasRoom => _tickets.Free > 0 && Ring.Free > Inbox.Uncaptured;

    /// <summary>The frame's way ends: slot and ticket are free again.</summary>
    public void Return(FrameTicket ticket)
    {
        ticket.Slot?.Release();
        ticket.Slot = null;
        _tickets.Return(ticket);
    }
}
