using System.Text;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// Rule J8, before anything is decided: the witnesses are shown the journal's last checkpoint. One that has seen more tells that this journal
/// is a restored backup or an old copy; then no line starts.
/// </summary>
public static class LogStart
{
    /// <exception cref="JournalUnavailableException">A witness has cosigned more than this journal holds, or another history.</exception>
    /// <exception cref="BrokenChainException">A record of the log was changed.</exception>
    /// <returns>What could not be compared, for people; null: all witnesses agree.</returns>
    public static async Task<string?> CheckAsync(LogSetup setup, CancellationToken cancel)
    {
        if (setup.Witnesses is [])
        {
            return null;
        }

        var book = new LogBook();
        using (var journal = setup.OpenJournal())
        {
            Read(journal, book);
        }

        // signed anew: the last one may have been signed by a key that this log no longer has
        var checkpoint = new Checkpoint(setup.Signer.Verifier.Name, book.Tree.Size, book.Tree.Root);
        var note = new SignedNote(checkpoint.ToString(), [setup.Signer.Sign(checkpoint.ToString(), TimeProvider.System.GetUtcNow())]);
        var outcome = await new Cosigning(setup.Witnesses).AskAsync(note, checkpoint.Size, from => book.Tree.ProveConsistency(from, checkpoint.Size), cancel);
        return outcome.Behind is { } behind
            ? throw new JournalUnavailableException($"{behind}; go on with the right journal, or, after a restore that is meant, give the log another origin in the plant file (log: {{ origin: ... }}) and tell the witness and the auditors")
            : outcome.Trouble;
    }

    private static void Read(IJournalSource journal, LogBook book)
    {
        foreach (var record in journal.LogChain())
        {
            try
            {
                book.Apply(record.Event);
            }
            catch (LogException e)
            {
                throw new BrokenChainException(LogChain.Id, record.Sequence, ChainFault.Event, e.Message, e);
            }
        }
    }
}
