using System.Collections.Concurrent;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>One offer while this node's workers have it: a ticket of their own, reused, and where its answer goes.</summary>
internal sealed class WorkInHand
{
    private readonly WorkPool _pool;
    private readonly Action<FrameTicket> _done;
    private WorkerConnection _connection = null!;
    private long _offer;
    private int _generation;

    public WorkInHand(WorkPool pool) => (_pool, _done) = (pool, Done);

    public FrameTicket Ticket { get; } = new();

    /// <summary>After the ticket was begun; then it may be handed to a dispatcher.</summary>
    public void Begin(WorkerConnection connection, Work work)
    {
        (_connection, _offer, _generation) = (connection, work.Offer, work.Generation);
        Ticket.Done = _done;
    }

    // on the thread of the worker that finished, or of the dispatcher that gave it up; the ticket is not touched by them any more
    private void Done(FrameTicket ticket)
    {
        var (connection, stage, answer) = (_connection, ticket.Stage, AnswerEncoder.Of(_offer, _generation, ticket));
        ticket.Slot!.Release();
        ticket.Slot = null;
        _pool.Return(this);
        connection.Answer(answer, stage);
    }
}

internal sealed class WorkPool
{
    private readonly ConcurrentQueue<WorkInHand> _free = new();

    public WorkInHand Take() => _free.TryDequeue(out var work) ? work : new WorkInHand(this);

    public void Return(WorkInHand work) => _free.Enqueue(work);
}
