using Grpc.Core;
using Grpc.Net.Client;
using Inspection.Nodes.Tests.DataPlane;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>A client of the frame service that sends bytes instead of messages.</summary>
internal sealed class RawWorker : IDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(b => b, b => b);
    private static readonly Method<byte[], byte[]> Method = new(MethodType.DuplexStreaming, "inspection.v1.FrameService", "Work", Bytes, Bytes);

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<byte[], byte[]> _call;

    private StatusCode? _refused;

    public RawWorker(SensorRig sensor)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{sensor.Port}");
        _call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(Method, null, new CallOptions(deadline: DateTime.UtcNow + SensorRig.Patience));
    }

    /// <summary>Sends, unless the server has ended the stream meanwhile: <see cref="EndAsync"/> says how.</summary>
    public async Task SayAsync(byte[] message)
    {
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        catch (RpcException e)
        {
            _refused = e.StatusCode;
        }
    }

    /// <summary>How the server ended it; fails where it does not in time.</summary>
    public async Task<StatusCode> EndAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(default))
            {
                // a welcome or a refusal: what follows counts
            }

            return _refused ?? _call.GetStatus().StatusCode;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
