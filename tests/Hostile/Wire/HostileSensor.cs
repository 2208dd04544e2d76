using System.Net;
using Grpc.Core;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>The sensor node's end of a stream in the hands of a test: a real gRPC server that sends a worker whatever it likes.</summary>
internal sealed class HostileSensor : FrameServiceBase, IAsyncDisposable
{
    private readonly Func<IAsyncStreamReader<WorkerMessage>, IServerStreamWriter<SensorMessage>, Task> _play;
    private readonly TaskCompletionSource _played = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;

    private HostileSensor(Func<IAsyncStreamReader<WorkerMessage>, IServerStreamWriter<SensorMessage>, Task> play) => _play = play;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Completes, or fails, as the first play does.</summary>
    public Task Played => _played.Task;

    /// <param name="play">What it does with a worker that said hello and was welcomed.</param>
    public static async Task<HostileSensor> StartAsync(Func<IAsyncStreamReader<WorkerMessage>, IServerStreamWriter<SensorMessage>, Task> play)
    {
        var sensor = new HostileSensor(play);
        var builder = WebApplication.CreateEmptyBuilder(new());
        _ = builder.Services.AddSingleton(sensor);
        _ = builder.Services.AddGrpc();
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(new IPEndPoint(IPAddress.Loopback, 0), l => l.Protocols = HttpProtocols.Http2));
        sensor._app = builder.Build();
        _ = sensor._app.MapGrpcService<HostileSensor>();
        await sensor._app.StartAsync();
        return sensor;
    }

    public override async Task Work(IAsyncStreamReader<WorkerMessage> requests, IServerStreamWriter<SensorMessage> responses, ServerCallContext context)
    {
        try
        {
            Assert.True(await requests.MoveNext(context.CancellationToken));
            await responses.WriteAsync(new SensorMessage { Welcome = new Welcome { ProtocolVersion = FrameContract.ProtocolVersion, Node = "sensor-1" } });
            await _play(requests, responses);
            _ = _played.TrySetResult();
        }
        catch (Exception e)
        {
            _ = _played.TrySetException(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
