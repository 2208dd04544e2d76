using Akka;
using Akka.Streams.Dsl;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Fills a ring slot with the camera's frame. What cannot be read ends the view here, with its reason. A device that throws loses this frame
/// (LostAtSource) and is opened again for the next.
/// </summary>
public sealed class Capture(Func<ICamera> open, FrameRing ring) : IDisposable
{
    private ICamera? _camera;

    public Flow<FrameTicket, FrameTicket, NotUsed> Flow => Akka.Streams.Dsl.Flow.Create<FrameTicket>().Select(Take);

    public void Dispose() => _camera?.Dispose();

    private FrameTicket Take(FrameTicket ticket)
    {
        if (!ring.TryRent(out var slot))
        {
            ticket.EndWith(ViewOutcome.Shed, $"all {ring.Count} slots of the frame ring are in use");
            return ticket;
        }

        try
        {
            _camera ??= open();
            var result = _camera.Capture(ticket.ExternalId, slot);
            if (result.Status == CaptureStatus.Captured)
            {
                (ticket.Slot, ticket.Generation) = (slot, slot.Generation);
                return ticket;
            }

            ticket.EndWith(result.Status == CaptureStatus.Unreadable ? ViewOutcome.Unreadable : ViewOutcome.LostAtSource, result.Detail);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            ticket.EndWith(ViewOutcome.LostAtSource, $"the camera failed: {e.Message}");
            _camera?.Dispose();
            _camera = null;
        }

        slot.Release();
        return ticket;
    }
}
