using System.Buffers;
using System.Threading.Channels;
using Akka.Event;
using Inspection.Nodes.Hosting.Plants;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Inspection.Nodes.Sensor.Ejectors.Mqtt;

/// <summary>A message as it goes out.</summary>
internal sealed record Outgoing(string Topic, byte[] Payload)
{
    /// <summary>The broker keeps it for who comes later.</summary>
    public bool Retained { get; init; }

    /// <summary>At least once (QoS 1); else at most once.</summary>
    public bool Confirmed { get; init; }
}

/// <param name="Compose">What to send, when its turn has come; null: nothing any more.</param>
/// <param name="Unsent">Called where it was not sent, for certain.</param>
internal sealed record Pending(Func<Outgoing?> Compose, Action? Unsent = null);

/// <summary>Called with a topic and a payload, on the link's threads.</summary>
internal delegate void HeardHandler(string topic, ReadOnlySpan<byte> payload);

internal sealed record LinkSetup
{
    public required string Client { get; init; }

    /// <summary>What the broker says when this process is gone without a word; also said at a clean end.</summary>
    public required Outgoing Will { get; init; }

    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The first message of each connection; null: none.</summary>
    public required Func<Outgoing?> OnConnected { get; init; }

    public required HeardHandler Heard { get; init; }

    public required ILoggingAdapter Log { get; init; }

    /// <summary>Of the station, for people.</summary>
    public required string Name { get; init; }
}

/// <summary>
/// One connection to a broker, kept: back with growing pauses, one message after the other in the order they were given. Giving one never waits;
/// while the broker is away nothing is kept for later.
/// </summary>
internal sealed class MqttLink
{
    private const int MostWaiting = 256;

    /// <summary>A broker that takes longer to confirm is given up, and connected to anew.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(5);

    private readonly LinkSetup _setup;
    private readonly MqttPlan _plan;
    private readonly Channel<Pending> _waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _isUp;
    private bool _toldDown;

    public MqttLink(MqttPlan plan, LinkSetup setup)
    {
        (_plan, _setup) = (plan, setup);
        _ = Task.Run(RunAsync);
    }

    public bool IsUp => _isUp;

    /// <returns>False: it is not sent, and <see cref="Pending.Unsent"/> is not called.</returns>
    public bool Send(Pending message)
    {
        Interlocked.MemoryBarrier(); // whoever says what OnConnected says either finds the link up, or is read when it gets up
        return _isUp && _waiting.Writer.TryWrite(message);
    }

    /// <summary>At once; the goodbye is said meanwhile.</summary>
    public void Close() => _closing.Cancel();

    private async Task RunAsync()
    {
        var pause = LeastPause;
        while (!_closing.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            try
            {
                await ConnectAsync(client);
                pause = LeastPause;
                await PumpAsync(client);
                Down("the broker closed the connection");
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                await LeaveAsync(client);
                break;
            }
            catch (Exception e)
            {
                // whatever it is: it diverts, says so and tries again
                Down(e.InnerException?.Message ?? e.Message);
            }

            Drop();
            _ = await Task.WhenAny(Task.Delay(pause, _closing.Token));
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MostPause.Ticks));
        }

        _isUp = false;
        Drop();
    }

    private async Task ConnectAsync(IMqttClient client)
    {
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(_plan.Broker.Host, _plan.Broker.Port)
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithClientId(_setup.Client)
            .WithCleanSession()
            .WithTimeout(Timeout)
            .WithKeepAlivePeriod(KeepAlive)
            .WithWillTopic(_setup.Will.Topic)
            .WithWillPayload(_setup.Will.Payload)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (_plan.ReadCredentials() is var (user, password))
        {
            options = options.WithCredentials(user, password);
        }

        client.ApplicationMessageReceivedAsync += e =>
        {
            _setup.Heard(e.ApplicationMessage.Topic, e.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        var connected = await client.ConnectAsync(options.Build(), _closing.Token);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new MqttCommunicationException($"the broker refuses: {connected.ResultCode}");
        }

        var topics = new MqttClientSubscribeOptionsBuilder();
        foreach (var topic in _setup.Topics)
        {
            topics = topics.WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var subscribed = await client.SubscribeAsync(topics.Build(), _closing.Token);
        if (subscribed.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new MqttCommunicationException($"the broker refuses to let it read {refused.TopicFilter.Topic}: {refused.ResultCode}");
        }

        _isUp = true;
        Interlocked.MemoryBarrier();
        if (_setup.OnConnected() is { } first)
        {
            await PublishAsync(client, first);
        }

        if (_toldDown)
        {
            _toldDown = false;
            _setup.Log.Warning("the MQTT broker {Broker} of station {Name} is back", _plan.Broker, _setup.Name);
        }
    }

    /// <summary>Until the connection is gone (then it returns or throws), or this link is closed (then it throws).</summary>
    private async Task PumpAsync(IMqttClient client)
    {
        using var down = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        Task WhenGone(MqttClientDisconnectedEventArgs _) => down.CancelAsync();
        client.DisconnectedAsync += WhenGone;
        try
        {
            while (client.IsConnected)
            {
                var next = await _waiting.Reader.ReadAsync(down.Token);
                if (next.Compose() is { } message)
                {
                    await PublishAsync(client, message);
                }
                else
                {
                    next.Unsent?.Invoke();
                }
            }
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            return; // the connection is gone
        }
        finally
        {
            client.DisconnectedAsync -= WhenGone;
        }
    }

    private Task PublishAsync(IMqttClient client, Outgoing message) => client.PublishAsync(
        new MqttApplicationMessage
        {
            Topic = message.Topic,
            PayloadSegment = message.Payload,
            Retain = message.Retained,
            QualityOfServiceLevel = message.Confirmed ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce,
        },
        _closing.Token);

    private void Down(string why)
    {
        _isUp = false;
        if (!_toldDown)
        {
            _toldDown = true;
            _setup.Log.Error("the MQTT broker {Broker} of station {Name} is away ({Why}): every part is diverted; it is tried again until it is back", _plan.Broker, _setup.Name, why);
        }
    }

    /// <summary>What waits was never sent.</summary>
    private void Drop()
    {
        while (_waiting.Reader.TryRead(out var message))
        {
            message.Unsent?.Invoke();
        }
    }

    private async Task LeaveAsync(IMqttClient client)
    {
        _isUp = false;
        try
        {
            using var soon = new CancellationTokenSource(Timeout);
            _ = await client.PublishAsync(new MqttApplicationMessage { Topic = _setup.Will.Topic, PayloadSegment = _setup.Will.Payload, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, soon.Token);
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), soon.Token);
        }
        catch (Exception e)
        {
            _setup.Log.Debug("station {Name} left its MQTT broker without a goodbye ({Why}): its last will says it", _setup.Name, e.Message);
        }
    }
}
