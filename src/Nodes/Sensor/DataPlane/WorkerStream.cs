using System.Threading.Channels;
using Grpc.Core;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Frames;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>
/// One worker's stream, as the sensor node sees it: offers go in from the dispatcher's thread and out on the stream's own, one after the
/// other. What waits here is bounded by the worker's credit. However the stream ends, every slot reference is let go.
/// </summary>
internal sealed class WorkerStream(NodeId node, string peer, MonotonicClock clock, NodeMetrics metrics)
{
    /// <summary>Messages that may wait for one stream; above any credit (see FrameService.MaxCredit).</summary>
    private const int MostWaiting = 2048;

    private static readonly SensorMessage _noMoreWork = new() { NoMoreWork = new NoMoreWork() };

    // null: NoMoreWork
    private readonly Channel<OutboundWork?> _out = Channel.CreateBounded<OutboundWork?>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeId Node => node;

    /// <summary>Completes with the reason when this end breaks the stream.</summary>
    public Task<string> Failed => _failed.Task;

    /// <summary>False where the stream has ended: then the work was let go.</summary>
    public bool Send(OutboundWork work)
    {
        if (_out.Writer.TryWrite(work))
        {
            return true;
        }

        work.Withdraw();
        return false;
    }

    /// <summary>The answer to Draining: behind it comes nothing.</summary>
    public void SendNoMoreWork() => _out.Writer.TryWrite(null);

    /// <summary>What the worker says makes no sense, or it was replaced: the stream is ended, and its work offered to others.</summary>
    public void Fail(string why) => _failed.TrySetResult(why);

    /// <summary>Nothing more is taken; what waits is let go.</summary>
    public void Close()
    {
        _ = _out.Writer.TryComplete();
        while (_out.Reader.TryRead(out var work))
        {
            work?.Withdraw();
        }
    }

    /// <summary>Writes until closed. A write that fails ends it with that exception.</summary>
    /// <param name="responses">Where to.</param>
    /// <param name="unsent">Is told what was not written, as its time was over or nobody wanted it any more: no answer will come.</param>
    /// <param name="cancel">Ends it at once.</param>
    public async Task WriteAsync(IServerStreamWriter<SensorMessage> responses, Action<OutboundWork> unsent, CancellationToken cancel)
    {
        using var room = new NativeRoom();
        await foreach (var work in _out.Reader.ReadAllAsync(cancel))
        {
            if (work is null)
            {
                await responses.WriteAsync(_noMoreWork, cancel);
            }
            else if (work.TryBegin(clock.Now, room, out var message))
            {
                await WriteAsync(responses, work, message, cancel);
            }
            else
            {
                unsent(work);
            }
        }
    }

    public override string ToString() => $"{node} at {peer}";

    private async Task WriteAsync(IServerStreamWriter<SensorMessage> responses, OutboundWork work, SensorMessage message, CancellationToken cancel)
    {
        try
        {
            // serialised into the connection's own buffers before it returns or waits; nothing keeps the native memory afterwards
            await responses.WriteAsync(message, cancel);
            metrics.DataPlaneSent(node.Value, message.Payload.Length);
        }
        finally
        {
            work.End();
        }
    }
}
