using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using Inspection.Nodes.Sensor.Ejectors.Mqtt;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Inspection.Nodes.Tests.Ejectors;

/// <summary>A PASS as it came, and what was done.</summary>
internal sealed record Judged(PassMessage Pass, bool Redelivered, PassAnswer Did);

/// <summary>A PLC of one station: <see cref="PassReceiver"/> behind a real MQTT client, which stays subscribed over lost connections. Some part is always before it.</summary>
internal sealed class SimulatedPlc : IAsyncDisposable
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _name = $"plc-{Guid.NewGuid():N}";
    private readonly EjectorTopics _topics;
    private readonly MqttClientOptions _options;
    private readonly PassReceiver _receiver;
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<Judged> _judged = new();
    private readonly ConcurrentQueue<RunMessage> _runs = new();
    private readonly Task _running;
    private int _breaks;

    /// <param name="breaks">So many times it breaks its connection off on a PASS, before that is confirmed and answered.</param>
    public SimulatedPlc(int port, string topic, string line, string station, int breaks = 0, string? user = null, string? password = null)
    {
        _topics = new EjectorTopics(topic);
        _receiver = new PassReceiver(line, station, _name);
        _breaks = breaks;
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V311).WithClientId(_name).WithCleanSession(false);
        _options = (user is null ? options : options.WithCredentials(user, password)).Build();
        _running = Task.Run(RunAsync);
    }

    public IReadOnlyList<Judged> Judged => [.. _judged];

    public IReadOnlyList<Judged> Pulses => [.. _judged.Where(j => j.Did.Pulse)];

    /// <summary>Each word on the line's permission to run.</summary>
    public IReadOnlyList<RunMessage> Runs => [.. _runs];

    public bool IsAtRest
    {
        get
        {
            lock (_receiver)
            {
                return _receiver.IsAtRest(_clock.ElapsedMilliseconds);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
    }

    public override string ToString() => $"PLC {(IsAtRest ? "at rest" : "fed")}, judged {string.Join("; ", Judged.TakeLast(10).Select(j => $"{j.Pass.Epoch}/{j.Pass.Counter} {(j.Did.Pulse ? "pulse" : j.Did.Answer?.Why)}"))}";

    private async Task RunAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            using var timer = new PeriodicTimer(BeatEvery);
            try
            {
                client.ApplicationMessageReceivedAsync += e => HearAsync(client, e);
                _ = await client.ConnectAsync(_options, _ended.Token);
                _ = await client.SubscribeAsync(
                    new MqttClientSubscribeOptionsBuilder().WithTopicFilter(_topics.Heartbeat).WithTopicFilter(_topics.Pass, MqttQualityOfServiceLevel.AtLeastOnce).WithTopicFilter(_topics.Run, MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                    _ended.Token);
                while (client.IsConnected)
                {
                    _ = await client.PublishAsync(Message(_topics.Beat, _receiver.Beat(_clock.ElapsedMilliseconds), MqttQualityOfServiceLevel.AtMostOnce), _ended.Token);
                    _ = await timer.WaitForNextTickAsync(_ended.Token);
                }
            }
            catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException)
            {
                _ = await timer.WaitForNextTickAsync(CancellationToken.None); // the broker is away: again in a moment, or ended
            }
        }
    }

    private Task HearAsync(IMqttClient client, MqttApplicationMessageReceivedEventArgs e)
    {
        var payload = e.ApplicationMessage.Payload.ToArray();
        if (EjectorJson.Read<PassMessage>(payload) is { } pass && e.ApplicationMessage.Topic == _topics.Pass)
        {
            PassAnswer did;
            lock (_receiver)
            {
                did = _receiver.Judge(pass, new PartBefore(null), _clock.ElapsedMilliseconds);
            }

            _judged.Enqueue(new Judged(pass, e.ApplicationMessage.Dup, did));
            if (_breaks > 0)
            {
                _breaks--;
                e.AutoAcknowledge = false;
                _ = client.DisconnectAsync(new MqttClientDisconnectOptions(), _ended.Token);
            }
            else if (did.Answer is { } answer)
            {
                _ = client.PublishAsync(Message(_topics.Acted, answer, MqttQualityOfServiceLevel.AtLeastOnce), _ended.Token); // its confirmation comes on this thread
            }
        }
        else if (e.ApplicationMessage.Topic == _topics.Run && EjectorJson.Read<RunMessage>(payload) is { } run)
        {
            _runs.Enqueue(run);
            lock (_receiver)
            {
                _receiver.Hear(run);
            }
        }
        else if (EjectorJson.Read<HeartbeatMessage>(payload) is { } heartbeat)
        {
            lock (_receiver)
            {
                _receiver.Hear(heartbeat, _clock.ElapsedMilliseconds);
            }
        }

        return Task.CompletedTask;
    }

    private static MqttApplicationMessage Message<T>(string topic, T message, MqttQualityOfServiceLevel quality) => new() { Topic = topic, PayloadSegment = EjectorJson.Write(message), QualityOfServiceLevel = quality };
}
