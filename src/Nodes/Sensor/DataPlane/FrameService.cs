using Akka.Actor;
using Akka.Event;
using Grpc.Core;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Status = Grpc.Core.Status;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>
/// One worker's call, from hello to end. Reads on one task and writes on another; decides nothing: what the worker says goes to the
/// dispatcher, what the dispatcher offers goes to the worker. A stream that breaks is told at once, and its work offered again (rule W2).
/// </summary>
internal sealed class FrameService(NodeId self, FrameServerOptions options, IActorRef dispatcher, MonotonicClock clock, NodeMetrics metrics, ILoggingAdapter log) : FrameServiceBase
{
    /// <summary>Most credit in one message; a worker has a session a core or a few large batches.</summary>
    private const uint MaxCredit = 1024;

    public override async Task Work(IAsyncStreamReader<WorkerMessage> requests, IServerStreamWriter<SensorMessage> responses, ServerCallContext context)
    {
        if (await GreetAsync(requests, responses, context) is not { } stream)
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var writing = stream.WriteAsync(responses, work => dispatcher.Tell(new RemoteMessage.Unsent(stream, work)), ended.Token);
        var reading = ReadAsync(requests, stream, ended.Token);
        var first = await Task.WhenAny(reading, writing, stream.Failed);
        stream.Close();
        dispatcher.Tell(new RemoteMessage.Left(stream));
        if (first == reading && reading.IsCompletedSuccessfully && !stream.Failed.IsCompleted)
        {
            await writing;
            return;
        }

        if (stream.Failed.IsCompleted)
        {
            // closed, it ends by itself unless the worker reads nothing; cancelled in the middle of a write, gRPC resets the call and the reason is lost
            _ = await Task.WhenAny(writing, Task.Delay(options.FarewellTimeout, context.CancellationToken));
        }

        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(reading, writing);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.Debug("the stream of worker {Worker} broke: {Why}", stream, e.Message);
        }

        if (stream.Failed.IsCompletedSuccessfully)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, await stream.Failed));
        }
    }

    /// <summary>The worker's stream, or null where it was refused and knows why.</summary>
    private async Task<WorkerStream?> GreetAsync(IAsyncStreamReader<WorkerMessage> requests, IServerStreamWriter<SensorMessage> responses, ServerCallContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        patience.CancelAfter(options.HelloTimeout);
        var hello = await requests.MoveNext(patience.Token) ? requests.Current.Hello : null;
        if (Refusal(hello, out var packages) is { } why)
        {
            log.Warning("a worker at {Peer} was refused: {Why}", context.Peer, why);
            await responses.WriteAsync(new SensorMessage { Refused = new WorkerRefused { Reason = why } }, context.CancellationToken);
            return null;
        }

        var stream = new WorkerStream(new NodeId(hello!.Node), context.Peer, clock, metrics);
        await responses.WriteAsync(new SensorMessage { Welcome = new Welcome { ProtocolVersion = FrameContract.ProtocolVersion, Node = self.Value } }, context.CancellationToken);
        dispatcher.Tell(new RemoteMessage.Joined(stream, packages));
        return stream;
    }

    private string? Refusal(Hello? hello, out WorkerPackages packages)
    {
        packages = WorkerPackages.Read(null);
        if (hello is null)
        {
            return "the first message must be Hello";
        }

        if (hello.ProtocolVersion != FrameContract.ProtocolVersion)
        {
            return $"sensor node {self} speaks version {FrameContract.ProtocolVersion} of the data plane, worker {hello.Node} version {hello.ProtocolVersion}: run the same release on both";
        }

        try
        {
            packages = WorkerPackages.Read(hello.Packages);
            return Names.IsValid(hello.Node) ? null : $"'{hello.Node}' is not a node's name";
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<WorkerMessage> requests, WorkerStream stream, CancellationToken cancel)
    {
        while (await requests.MoveNext(cancel))
        {
            try
            {
                dispatcher.Tell(Read(requests.Current, stream));
            }
            catch (ArgumentException e)
            {
                log.Error("worker {Worker} sent what makes no sense: {Why}", stream, e.Message);
                stream.Fail(e.Message);
                return;
            }
        }
    }

    private static RemoteMessage Read(WorkerMessage message, WorkerStream stream) => message.MessageCase switch
    {
        WorkerMessage.MessageOneofCase.Packages => new RemoteMessage.Has(stream, WorkerPackages.Read(message.Packages)),
        WorkerMessage.MessageOneofCase.Credit when message.Credit is { Coarse: <= MaxCredit, Verify: <= MaxCredit } credit =>
            new RemoteMessage.Credited(stream, (int)credit.Coarse, (int)credit.Verify),
        WorkerMessage.MessageOneofCase.Answer => new RemoteMessage.Answered(stream, WorkAnswers.Read(message.Answer)),
        WorkerMessage.MessageOneofCase.Draining => new RemoteMessage.Drains(stream),
        var other => throw new ArgumentException($"a worker's message is {other}, which this version does not take here: {message}"),
    };
}
