using Akka.Event;
using Grpc.Core;
using Grpc.Net.Client;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Protocol;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>
/// A worker node's link to one sensor node: connects, and connects anew with back-off when the stream breaks, until it is closed or drained.
/// Any thread.
/// </summary>
internal sealed class WorkerLink
{
    private readonly WorkerNode _node;
    private readonly WorkerLinksOptions _options;
    private readonly Uri _address;
    private readonly ILoggingAdapter _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerConnection? _connection;
    private (int Coarse, int Verify) _share;
    private string _trouble = "not connected yet";

    public WorkerLink(WorkerNode node, WorkerLinksOptions options, NodeId sensor, string host, int port, ILoggingAdapter log)
    {
        (_node, _options, Sensor, _log) = (node, options, sensor, log);
        _address = new UriBuilder(options.Tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, host, port).Uri;
        Ended = Task.Run(RunAsync);
    }

    public NodeId Sensor { get; }

    /// <summary>Completes when the link is closed or drained.</summary>
    public Task Ended { get; }

    public (bool Connected, int InHand, string Trouble) State
    {
        get
        {
            lock (_gate)
            {
                var connected = _connection is { IsWelcome: true };
                return (connected, _connection?.InHand ?? 0, connected ? "" : _trouble);
            }
        }
    }

    public bool LeadsTo(string host, int port) => _address == new UriBuilder(_address.Scheme, host, port).Uri;

    /// <summary>What may be under way for this sensor node, now and on every later connection.</summary>
    public void Share(int coarse, int verify)
    {
        lock (_gate)
        {
            _share = (coarse, verify);
            _connection?.Share(coarse, verify);
        }
    }

    /// <summary>No more work from this sensor node; <see cref="Ended"/> completes when all is answered.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            if (_draining.TrySetResult())
            {
                _connection?.Drain();
            }
        }
    }

    /// <summary>At once: the sensor node left.</summary>
    public void Close() => _closed.Cancel();

    private async Task RunAsync()
    {
        var backOff = _options.FirstBackOff;
        while (!_closed.IsCancellationRequested && !_draining.Task.IsCompleted)
        {
            var (end, trouble) = await ConnectAsync();
            if (end == ConnectionEnd.Drained || _closed.IsCancellationRequested)
            {
                break;
            }

            backOff = Announce(end, trouble, backOff);
            _ = await Task.WhenAny(_draining.Task, Task.Delay(backOff, _closed.Token));
        }

        _log.Info("the link to sensor node {Sensor} has ended", Sensor);
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task<(ConnectionEnd? End, string Trouble)> ConnectAsync()
    {
        using var channel = LinkChannel.Open(_address, _options);
        var connection = new WorkerConnection(_node);
        lock (_gate)
        {
            _connection = connection;
            connection.Share(_share.Coarse, _share.Verify);
            if (_draining.Task.IsCompleted)
            {
                return (ConnectionEnd.Drained, "");
            }
        }

        try
        {
            var end = await connection.RunAsync(channel.CreateCallInvoker(), _closed.Token);
            return (connection.IsWelcome && end == ConnectionEnd.Closed ? null : end, connection.Refusal);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or HttpRequestException or InvalidOperationException)
        {
            return (connection.IsWelcome ? null : ConnectionEnd.Closed, e is RpcException rpc ? rpc.Status.Detail : e.Message);
        }
        finally
        {
            lock (_gate)
            {
                _connection = null;
            }
        }
    }

    /// <summary>Says what happened, once in the log, and how long to wait now. A stream that had worked (null) is tried again soon.</summary>
    private TimeSpan Announce(ConnectionEnd? end, string trouble, TimeSpan backOff)
    {
        var news = end switch
        {
            null => $"the stream broke ({trouble})",
            ConnectionEnd.Refused => $"refused: {trouble}",
            _ => trouble.Length > 0 ? trouble : "it closed the stream",
        };
        lock (_gate)
        {
            if (news != _trouble)
            {
                _log.Warning("sensor node {Sensor} at {Address}: {News}; it is tried again", Sensor, _address, news);
            }

            _trouble = news;
        }

        return end switch
        {
            null => _options.FirstBackOff,
            ConnectionEnd.Refused => _options.MaxBackOff,
            _ => backOff * 2 < _options.MaxBackOff ? backOff * 2 : _options.MaxBackOff,
        };
    }
}
