using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using Inspection.Vision.Cameras;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// The head of a camera's graph: opens the device, hands it on, and fails when it could not be opened or broke, so that whoever restarts
/// this source opens it again. One element an opening; the frames themselves never pass a restarting stage.
/// </summary>
public sealed class DeviceSource(Func<ICamera> open) : GraphStage<SourceShape<Device>>
{
    private readonly Outlet<Device> _out = new("device.out");

    public static Source<Device, NotUsed> Of(Func<ICamera> open) => Source.FromGraph(new DeviceSource(open));

    public override SourceShape<Device> Shape => new(_out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, open);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly DeviceSource _stage;
        private readonly Func<ICamera> _open;
        private readonly Action<Exception> _broke;
        private ICamera? _camera;
        private Exception? _failure;

        public Logic(DeviceSource stage, Func<ICamera> open)
            : base(stage.Shape)
        {
            (_stage, _open) = (stage, open);
            _broke = GetAsyncCallback<Exception>(FailStage);
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            if (_failure is not null)
            {
                FailStage(_failure);
            }
            else if (_camera is null)
            {
                Push(_stage._out, Open());
            }
        }

        public override void PostStop() => _camera?.Dispose();

        private Device Open()
        {
            try
            {
                _camera = _open();
                return new Device(_camera, _broke);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // downstream must know at once why frames are lost; the failure follows with the next pull
                _failure = e;
                return new Device(e);
            }
        }
    }
}
