using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>The worker's end of a stream in the hands of a test: it says and withholds what it likes.</summary>
internal sealed class FakeWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<WorkerMessage, SensorMessage> _call;
    private readonly Channel<SensorMessage> _said = Channel.CreateUnbounded<SensorMessage>();
    private readonly Task _reading;
    private volatile TaskCompletionSource? _held;

    private FakeWorker(SensorRig sensor)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{sensor.Port}", new GrpcChannelOptions { MaxReceiveMessageSize = FrameContract.MaxMessageBytes });
        _call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(FrameContract.WorkReadAs(SensorMessage.Parser.ParseFrom), null, default);
        _reading = ReadAsync();
    }

    /// <summary>Whether anything was said that nobody took.</summary>
    public bool HasMessage => _said.Reader.Count > 0;

    /// <summary>Completes when the sensor node ended the stream; with its reason where it gave one.</summary>
    public Task Ended => _reading;

    public static async Task<FakeWorker> ConnectAsync(SensorRig sensor, string name, LineModels? models, int coarse, int verify = 0)
    {
        var worker = new FakeWorker(sensor);
        var packages = new Packages();
        if (models is not null)
        {
            packages.CoarseHeld.Add(Protocol.DataPlaneValues.ToWire(models.Coarse.Package));
            packages.VerifiersHeld.Add(Protocol.DataPlaneValues.ToWire(models.Verifier!.Package));
        }

        await worker.SayAsync(new WorkerMessage { Hello = new Hello { ProtocolVersion = FrameContract.ProtocolVersion, Node = name, Packages = packages } });
        var welcome = await worker.NextAsync("a welcome");
        Assert.Equal(SensorMessage.MessageOneofCase.Welcome, welcome.MessageCase);
        await worker.CreditAsync(coarse, verify);
        return worker;
    }

    /// <summary>Reads at most one message more, and nothing behind it until <see cref="ReadOn"/>: what is written to it comes to a halt.</summary>
    public void StopReading() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReadOn() => _held!.SetResult();

    public Task SayAsync(WorkerMessage message) => _call.RequestStream.WriteAsync(message);

    public Task CreditAsync(int coarse, int verify = 0) => SayAsync(new WorkerMessage { Credit = new Credit { Coarse = (uint)coarse, Verify = (uint)verify } });

    public Task ScoreAsync(Work work, float score, int generationOff = 0) => SayAsync(new WorkerMessage
    {
        Answer = new Answer
        {
            Offer = work.Offer,
            Generation = work.Generation + generationOff,
            Scored = new Scored { CoarseScoreBits = Protocol.DataPlaneValues.Bits(score), Stamp = Stamp() },
        },
    });

    public async Task<Work> WorkAsync(string what)
    {
        var message = await NextAsync(what);
        return message.Work ?? throw new InvalidOperationException($"waited for {what}, got {message.MessageCase}");
    }

    public async Task<SensorMessage> NextAsync(string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _said.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {Patience.TotalSeconds:0} s for {what}; the stream is {_reading.Status}");
        }
    }

    /// <summary>Ends as a node does that dies.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        _channel.Dispose();
        await _reading.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
    }

    private static InferenceStamp Stamp() => new()
    {
        ModelDigest = ByteString.CopyFrom(new byte[32]),
        ThresholdsDigest = ByteString.CopyFrom(new byte[32]),
        CalibrationDigest = ByteString.CopyFrom(new byte[32]),
        ImageDigest = ByteString.CopyFrom(new byte[32]),
        PreparationVersion = "prep-1",
        Provider = "fake",
    };

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(default))
            {
                await _said.Writer.WriteAsync(_call.ResponseStream.Current);
                await (_held?.Task ?? Task.CompletedTask);
            }
        }
        finally
        {
            _said.Writer.Complete();
        }
    }
}
