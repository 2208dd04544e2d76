using Akka.Event;
using Akka.Persistence;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

// how it begins: from its snapshot, and all records after it
public sealed partial class LogBuilder
{
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                Restore(offer);
                break;
            case Sealed stored:
                _book.Apply(_chain.Accept(stored).Event);
                _cosigned = _book.Note is { } note && _cosigning.IsSigned(note) ? _book.Signed!.Size : _cosigned;
                break;
            case RecoveryCompleted:
                if (LastSequenceNr != _chain.NextSequence - 1)
                {
                    throw new InvalidOperationException($"log: the journal ends at {LastSequenceNr}, the chain at {_chain.NextSequence - 1}");
                }

                _log.Info("log: {Leaves} leaves, {Signed} of them signed; built here from now on", _book.Tree.Size, _book.Signed?.Size ?? 0);
                Timers.StartPeriodicTimer("round", new Round(), TimeSpan.Zero, RoundEvery);
                break;
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _log.Error(reason, "log: recovery failed; it grows no further until it succeeds, tried again within seconds");
        if (_snapshotAt > 0 && reason is BrokenChainException or FormatException or LogException)
        {
            // a cache: the next start reads all records
            DeleteSnapshots(new SnapshotSelectionCriteria(long.MaxValue));
        }

        base.OnRecoveryFailure(reason, message);
    }

    private void Restore(SnapshotOffer offer)
    {
        _snapshotAt = offer.Metadata.SequenceNr;
        var snapshot = LogSnapshot.FromBytes(((SealedSnapshot)offer.Snapshot).Bytes.Span);
        if (snapshot.Sequence != offer.Metadata.SequenceNr)
        {
            throw new FormatException($"the snapshot of the log at record {offer.Metadata.SequenceNr} says that it is of record {snapshot.Sequence}");
        }

        _book = LogBook.Of(snapshot);
        _chain = new ChainWriter(LogChain.Id, snapshot.Sequence + 1, snapshot.Head);
        _cosigned = _cosigning.IsSigned(_book.Note!) ? _book.Signed!.Size : 0;
    }
}
