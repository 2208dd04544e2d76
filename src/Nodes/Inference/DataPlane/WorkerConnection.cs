using System.Threading.Channels;
using Akka.Actor;
using Grpc.Core;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Protocol.Wire;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>How a connection to a sensor node ended.</summary>
internal enum ConnectionEnd
{
    /// <summary>The sensor node closed it.</summary>
    Closed = 1,

    /// <summary>All was answered, and no more comes.</summary>
    Drained = 2,

    /// <summary>The sensor node takes no work from this worker, and said why.</summary>
    Refused = 3,
}

/// <summary>
/// One stream to one sensor node, from hello to end. Work that comes in goes to the node's own dispatcher; answers go out, and credit only
/// behind them (rule W1). Any thread may answer. Work in hand when the stream breaks is finished and its answer dropped: the sensor
/// node has offered it to others.
/// </summary>
internal sealed class WorkerConnection(WorkerNode node)
{
    private readonly Lock _gate = new();
    private readonly Channel<Outgoing> _out = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true }); // bounded by the credit
    private readonly CreditShare _coarse = new();
    private readonly CreditShare _verify = new();
    private (int Coarse, int Verify) _share;
    private int _inHand;
    private bool _welcome;
    private bool _draining;
    private bool _noMore;

    /// <summary>The sensor node said welcome.</summary>
    public bool IsWelcome
    {
        get
        {
            lock (_gate)
            {
                return _welcome;
            }
        }
    }

    /// <summary>Offers not answered yet.</summary>
    public int InHand
    {
        get
        {
            lock (_gate)
            {
                return _inHand;
            }
        }
    }

    /// <summary>Why the sensor node refused; else empty.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>What may be under way for this sensor node from now on.</summary>
    public void Share(int coarse, int verify)
    {
        lock (_gate)
        {
            _share = (coarse, verify);
            if (_welcome && !_draining)
            {
                Credit(_coarse.Aim(coarse), _verify.Aim(verify));
            }
        }
    }

    /// <summary>No more work; what is in hand is finished and answered, then the stream ends.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _draining = true;
            _ = _out.Writer.TryWrite(new Outgoing(new WorkerMessage { Draining = new Draining() }, null));
        }
    }

    /// <summary>Rule W3: the answer carries offer and generation as they came.</summary>
    public void Answer(WorkerMessage answer, WorkStage stage)
    {
        lock (_gate)
        {
            _ = _out.Writer.TryWrite(new Outgoing(answer, stage));
            _inHand--;
            EndWhenDone();
        }
    }

    /// <summary>Until the stream ends; an exception where it breaks.</summary>
    /// <exception cref="RpcException">It could not be opened, or broke.</exception>
    public async Task<ConnectionEnd> RunAsync(CallInvoker invoker, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var method = FrameContract.WorkReadAs(bytes => InboundMessage.Read(bytes, node.Room));
        using var call = invoker.AsyncDuplexStreamingCall(method, null, new CallOptions(cancellationToken: ended.Token));
        var hello = new Hello { ProtocolVersion = node.ProtocolVersion, Node = node.Self.Value, Packages = node.Models.ToWire() };
        await call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello }, ended.Token);
        if (!await call.ResponseStream.MoveNext(ended.Token))
        {
            return ConnectionEnd.Closed;
        }

        var first = call.ResponseStream.Current.Message;
        if (first.MessageCase != SensorMessage.MessageOneofCase.Welcome)
        {
            Refusal = first.Refused?.Reason ?? $"it answered {first.MessageCase} to the hello";
            return ConnectionEnd.Refused;
        }

        Welcome();
        var writing = WriteAsync(call.RequestStream, ended.Token);
        try
        {
            var reading = ReadAsync(call.ResponseStream, ended.Token);
            if (await Task.WhenAny(reading, writing) == writing && !writing.IsCompletedSuccessfully)
            {
                await writing;
            }

            await reading;
            return _noMore ? ConnectionEnd.Drained : ConnectionEnd.Closed;
        }
        finally
        {
            _ = _out.Writer.TryComplete();
            await ended.CancelAsync();
            await writing.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Welcome()
    {
        lock (_gate)
        {
            _welcome = true;
            if (!_draining)
            {
                Credit(_coarse.Aim(_share.Coarse), _verify.Aim(_share.Verify));
            }
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<InboundMessage> responses, CancellationToken cancel)
    {
        while (await responses.MoveNext(cancel))
        {
            var inbound = responses.Current;
            switch (inbound.Message.MessageCase)
            {
                case SensorMessage.MessageOneofCase.Work:
                    Take(inbound);
                    break;
                case SensorMessage.MessageOneofCase.NoMoreWork:
                    lock (_gate)
                    {
                        _noMore = true;
                        EndWhenDone();
                    }

                    break;
                default:
                    throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, $"the sensor node sent {inbound.Message.MessageCase}, which this version does not take"));
            }
        }
    }

    private void Take(InboundMessage inbound)
    {
        lock (_gate)
        {
            _inHand++;
        }

        var (work, hand) = (inbound.Message.Work, node.Pool.Take());
        var stage = work.TaskCase == Work.TaskOneofCase.Verify ? WorkStage.Verify : WorkStage.Coarse;
        WorkerMessage? no;
        try
        {
            no = WorkDecoder.Decode(inbound, node.Models, node.Clock.Now, hand.Ticket) is { } why
                ? AnswerEncoder.GivenUp(work.Offer, work.Generation, why)
                : null;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            no = AnswerEncoder.Failed(work.Offer, work.Generation, $"worker {node.Self} cannot read the work: {e.Message}");
        }

        if (no is null)
        {
            hand.Begin(this, work);
            node.Dispatcher.Tell(hand.Ticket);
            return;
        }

        inbound.Slot?.Release();
        hand.Ticket.Slot = null;
        node.Pool.Return(hand);
        Answer(no, stage);
    }

    private async Task WriteAsync(IClientStreamWriter<WorkerMessage> requests, CancellationToken cancel)
    {
        await foreach (var outgoing in _out.Reader.ReadAllAsync(cancel))
        {
            await requests.WriteAsync(outgoing.Message, cancel);
            if (outgoing.Answers is { } stage)
            {
                Written(stage);
            }
        }

        await requests.CompleteAsync();
    }

    private void Written(WorkStage stage)
    {
        lock (_gate)
        {
            var more = (stage == WorkStage.Coarse ? _coarse : _verify).Answered();
            if (!_draining)
            {
                Credit(stage == WorkStage.Coarse ? more : 0, stage == WorkStage.Verify ? more : 0);
            }
        }
    }

    private void Credit(int coarse, int verify)
    {
        if (coarse > 0 || verify > 0)
        {
            _ = _out.Writer.TryWrite(new Outgoing(new WorkerMessage { Credit = new Credit { Coarse = (uint)coarse, Verify = (uint)verify } }, null));
        }
    }

    private void EndWhenDone()
    {
        if (_noMore && _inHand == 0)
        {
            _ = _out.Writer.TryComplete();
        }
    }

    /// <param name="Answers">The stage whose credit comes back once it is written.</param>
    private readonly record struct Outgoing(WorkerMessage Message, WorkStage? Answers);
}
