using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Inspection.Protocol.Wire;

namespace Inspection.Nodes.Hosting.DataPlane;

/// <summary>
/// The one call of the data plane, as both ends see it (rule W1; Wire/dataplane.proto). Written by hand, because a worker reads what a
/// sensor node sends in its own way: the pixels go straight to where they are worked on.
/// </summary>
public static class FrameContract
{
    /// <summary>Raised with every change that the other end must know of; both ends must speak the same.</summary>
    public const uint ProtocolVersion = Protocol.NodeMessages.ProtocolVersion;

    /// <summary>Largest message: a prepared tensor, or the crops of a frame. Above what any recipe makes; a guard, not a target.</summary>
    public const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>
    /// HTTP/2 windows to begin with; the worker's grows by itself where the round trip asks for it. Larger from the start was no faster, and what
    /// waits beyond about 1 MiB does not fit the runtime's pools: it becomes garbage (docs/decisions/0018).
    /// </summary>
    public const int WindowBytes = 1024 * 1024;

    private const string Service = "inspection.v1.FrameService";

    private static readonly Marshaller<WorkerMessage> _worker = MarshallerOf(WorkerMessage.Parser);

    private static readonly Method<WorkerMessage, SensorMessage> _work = MethodOf(MarshallerOf(SensorMessage.Parser));

    /// <summary>The call with the receiver's own way to read a message.</summary>
    /// <typeparam name="T">What a <see cref="SensorMessage"/> becomes where it is read.</typeparam>
    public static Method<WorkerMessage, T> WorkReadAs<T>(Func<ReadOnlySequence<byte>, T> read)
        where T : class =>
        MethodOf(Marshallers.Create<T>((_, _) => throw new InvalidOperationException("a worker sends no sensor messages"), context => read(context.PayloadAsReadOnlySequence())));

    /// <summary>For <see cref="BindServiceMethodAttribute"/>.</summary>
    public static void Bind(ServiceBinderBase binder, FrameServiceBase? service) =>
        binder.AddMethod(_work, service is null ? null : new DuplexStreamingServerMethod<WorkerMessage, SensorMessage>(service.Work));

    private static Method<WorkerMessage, T> MethodOf<T>(Marshaller<T> marshaller)
        where T : class =>
        new(MethodType.DuplexStreaming, Service, nameof(FrameServiceBase.Work), _worker, marshaller);

    private static Marshaller<T> MarshallerOf<T>(MessageParser<T> parser)
        where T : class, IMessage<T> =>
        Marshallers.Create(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}

/// <summary>The sensor node's end of the data plane; see <see cref="FrameContract"/>.</summary>
[BindServiceMethod(typeof(FrameContract), nameof(FrameContract.Bind))]
public abstract class FrameServiceBase
{
    /// <summary>One worker's stream, from its hello to its end.</summary>
    public abstract Task Work(IAsyncStreamReader<WorkerMessage> requests, IServerStreamWriter<SensorMessage> responses, ServerCallContext context);
}
