using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Takes tickets from the inbox and fills a ring slot with the camera's frame for each exposure; answers pass by. What cannot be read ends the
/// view here, with its reason. A device that throws loses this frame, and those that come until it is open again (LostAtSource). The
/// stage's thread is the camera's own: it waits for the next ticket as a driver's grab call does. No buffer beyond the inbox.
/// </summary>
public sealed class Capture(TicketInbox inbox, FrameRing ring) : GraphStage<FlowShape<Device, FrameTicket>>
{
    /// <summary>Above the time between two frames of a running line; also the longest that a stop waits for this thread.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Inlet<Device> _in = new("capture.in");
    private readonly Outlet<FrameTicket> _out = new("capture.out");

    public static Flow<Device, FrameTicket, NotUsed> From(TicketInbox inbox, FrameRing ring) => Flow.FromGraph(new Capture(inbox, ring));

    public override FlowShape<Device, FrameTicket> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inbox, ring);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly Capture _stage;
        private readonly TicketInbox _inbox;
        private readonly FrameRing _ring;
        private readonly Action _wake;
        private Device? _device;

        public Logic(Capture stage, TicketInbox inbox, FrameRing ring)
            : base(stage.Shape)
        {
            (_stage, _inbox, _ring) = (stage, inbox, ring);
            _wake = GetAsyncCallback(Next);
            SetHandlers(stage._in, stage._out, this);
        }

        public override void PreStart() => Pull(_stage._in);

        public override void OnPush()
        {
            _device = Grab(_stage._in);
            Pull(_stage._in);
            Next();
        }

        public override void OnPull() => Next();

        /// <summary>Tickets wait until the device was opened once. While it is broken the thread must be free to open it again.</summary>
        private void Next()
        {
            if (_device is { } device && IsAvailable(_stage._out)
                && _inbox.TryTake(device.Camera is null ? TimeSpan.Zero : Patience, _wake, out var ticket))
            {
                if (ticket.Outcome is null)
                {
                    Take(ticket, device);
                    _inbox.Captured();
                }

                Push(_stage._out, ticket);
            }
        }

        private void Take(FrameTicket ticket, Device device)
        {
            if (device.Camera is not { } camera)
            {
                ticket.EndWith(ViewOutcome.LostAtSource, $"the camera failed: {device.Failure?.Message}");
                return;
            }

            if (!_ring.TryRent(out var slot))
            {
                ticket.EndWith(ViewOutcome.Shed, $"all {_ring.Count} slots of the frame ring are in use");
                return;
            }

            try
            {
                var result = camera.Capture(ticket.ExternalId, slot);
                if (result.Status == CaptureStatus.Captured)
                {
                    (ticket.Slot, ticket.Generation) = (slot, slot.Generation);
                    return;
                }

                ticket.EndWith(result.Status == CaptureStatus.Unreadable ? ViewOutcome.Unreadable : ViewOutcome.LostAtSource, result.Detail);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                ticket.EndWith(ViewOutcome.LostAtSource, $"the camera failed: {e.Message}");
                device.Broke(e);
            }

            slot.Release();
        }
    }
}
