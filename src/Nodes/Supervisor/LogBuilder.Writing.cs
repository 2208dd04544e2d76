using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

// one record after the other, each on top of this builder's own last one
public sealed partial class LogBuilder
{
    /// <summary>Right after a checkpoint, when every leaf is signed; the tree then lets go of all before.</summary>
    private void SnapshotWhenDue()
    {
        var sequence = _chain.NextSequence - 1;
        if (sequence - _snapshotAt >= _snapshotEvery)
        {
            _snapshotAt = sequence;
            SaveSnapshot(new SealedSnapshot(_book.Snapshot(sequence, _chain.Head).ToBytes()));
            _book.Tree.Forget(_book.Tree.Size);
        }
    }

    /// <summary>
    /// Rule J6: a builder that was frozen or removed may find another one's record where it believes its own. Written on top of it, the next
    /// record would break the chain for good, so the journal's last record must be the one this builder has before each write.
    /// </summary>
    private void Write(ILineEvent e, Action then)
    {
        var (last, head) = (_chain.NextSequence - 1, _chain.Head);
        Task.Run(() =>
        {
            using var journal = _setup.OpenJournal();
            return new Checked(journal.LogTail(1) is [.., var tail] ? tail.Sequence == last && Digest.Of(tail.Bytes.Span) == head : last == 0, e, then);
        }).PipeTo(Self);
    }

    // not Persist: it would set aside every message until the journal answers, and nobody would notice that it does not
    private void On(Checked mine)
    {
        if (!mine.Holds)
        {
            throw new JournalUnavailableException($"log: record {_chain.NextSequence - 1} is not the journal's last one, or not as this builder has it: another one is at work");
        }

        PersistAsync(_chain.Seal(mine.Event), _ =>
        {
            _book.Apply(mine.Event);
            mine.Then();
        });
    }

    private sealed record Checked(bool Holds, ILineEvent Event, Action Then) : INoSerializationVerificationNeeded;
}
