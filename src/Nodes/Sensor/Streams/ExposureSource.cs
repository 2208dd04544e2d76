using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>The head of a camera's graph: one ticket a trigger, on demand. No buffer of its own beyond the inbox.</summary>
public sealed class ExposureSource(TicketInbox inbox) : GraphStage<SourceShape<FrameTicket>>
{
    private readonly Outlet<FrameTicket> _out = new("exposures.out");

    public static Source<FrameTicket, NotUsed> Of(TicketInbox inbox) => Source.FromGraph(new ExposureSource(inbox));

    public override SourceShape<FrameTicket> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly ExposureSource _stage;
        private readonly Action _wake;

        public Logic(ExposureSource stage)
            : base(stage.Shape)
        {
            _stage = stage;
            _wake = GetAsyncCallback(OnPull);
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            if (IsAvailable(_stage._out) && _stage.Inbox.TryTake(_wake, out var ticket))
            {
                Push(_stage._out, ticket);
            }
        }
    }

    private TicketInbox Inbox => inbox;
}
