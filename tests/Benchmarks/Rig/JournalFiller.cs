using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Benchmarks.Rig;

/// <summary>Persists events as a line's supervisor does, through its plugin and on its dispatcher: batches of the largest size, one in flight, nothing else.</summary>
internal sealed class JournalFiller : UntypedPersistentActor
{
    /// <summary>Rule V4: the largest batch of one write.</summary>
    public const int Batch = 256;

    private readonly Func<ILineEvent, Sealed> _seal;
    private IReadOnlyList<ILineEvent> _events = [];
    private IActorRef _asker = ActorRefs.Nobody;
    private int _next;
    private int _unwritten;
    private long _bytes;
    private long _started;
    private List<double> _batches = [];

    public JournalFiller(LineId line, Func<ILineEvent, Sealed> seal)
    {
        _seal = seal;
        PersistenceId = PersistenceIds.Line(line);
        JournalPluginId = JournalPlugins.LinesJournal;
        SnapshotPluginId = JournalPlugins.LinesSnapshots;
    }

    public override string PersistenceId { get; }

    /// <param name="line">Whose journal it fills.</param>
    /// <param name="seal">From an event to what is stored; runs in the actor, as in a supervisor.</param>
    public static Props Props(LineId line, Func<ILineEvent, Sealed> seal) => Akka.Actor.Props.Create(() => new JournalFiller(line, seal)).WithDispatcher(OneLane.Dispatcher);

    protected override void OnRecover(object message)
    {
        // fresh every time
    }

    protected override void OnCommand(object message)
    {
        if (message is Fill fill)
        {
            (_events, _next, _bytes, _batches, _asker) = (fill.Events, 0, 0, [], Sender);
            Write();
        }
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _asker.Tell(new Status.Failure(cause));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _asker.Tell(new Status.Failure(cause));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void Write()
    {
        _started = Stopwatch.GetTimestamp();
        var batch = new Sealed[Math.Min(Batch, _events.Count - _next)];
        for (var i = 0; i < batch.Length; i++)
        {
            batch[i] = _seal(_events[_next++]);
            _bytes += batch[i].Bytes.Length;
        }

        _unwritten = batch.Length;
        PersistAllAsync(batch, OnWritten);
    }

    private void OnWritten(Sealed stored)
    {
        if (--_unwritten > 0)
        {
            return;
        }

        _batches.Add(Stopwatch.GetElapsedTime(_started).TotalSeconds);
        if (_next < _events.Count)
        {
            Write();
        }
        else
        {
            _asker.Tell(new Filled(_bytes, _batches));
        }
    }

    /// <summary>Answered with <see cref="Filled"/> when the last of them is committed.</summary>
    public sealed record Fill(IReadOnlyList<ILineEvent> Events) : INoSerializationVerificationNeeded;

    /// <param name="Bytes">Stored.</param>
    /// <param name="Batches">Seconds of each, from its first seal to its commit.</param>
    public sealed record Filled(long Bytes, IReadOnlyList<double> Batches) : INoSerializationVerificationNeeded;
}
