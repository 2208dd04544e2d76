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
    /// <exception cref="BrokenChainException">A record at the end of the log was changed.</exception>
    /// <returns>What could not be compared, for people; null: all witnesses agree.</returns>
    public static async Task<string?> CheckAsync(LogSetup setup, CancellationToken cancel)
    {
        if (setup.Witnesses is [])
        {
            return null;
        }

        SignedNote note;
        using (var journal = setup.OpenJournal())
        {
            // another origin is another log to the witness: that is how a restore that is meant goes on
            note = Last(journal) is { } last && Checkpoint.Parse(last.Text).Origin == setup.Signer.Verifier.Name ? last : Checkpoint.Sign(setup.Signer, 0, MerkleHash.Empty, TimeProvider.System.GetUtcNow());
        }

        var (size, troubles) = (Checkpoint.Parse(note.Text).Size, new List<string>());
        foreach (var witness in setup.Witnesses)
        {
            var reply = await witness.AskAsync(new AddCheckpoint(size, [], note), cancel);
            switch (reply)
            {
                case WitnessReply.Holds holds when holds.Size > size:
                    throw Behind(holds.Behind(witness.Name, size));
                case WitnessReply.Refused { OtherHistory: true }:
                    throw Behind($"witness {witness.Name} has cosigned {size} leaves, and others than this journal holds");
            }

            troubles.AddRange(reply.TroubleWith(witness.Name) is { } trouble ? [trouble] : []);
        }

        return troubles is [] ? null : string.Join("; ", troubles);
    }

    private static JournalUnavailableException Behind(string what) =>
        new($"{what}; nothing is decided on it: go on with the right journal, or, after a restore that is meant, give the log another origin in the plant file (log: {{ origin: ... }}) and tell the witness and the auditors");

    /// <summary>The last checkpoint in the journal; null where it was never signed.</summary>
    private static SignedNote? Last(IJournalSource journal)
    {
        // a round writes three records at most, one of them a checkpoint
        const int round = 6;
        var last = journal.LogTail(round).Select(r => ChainReader.Peek(LogChain.Id, r.Sequence, r.Bytes)).OfType<LogSigned>().LastOrDefault();
        return last is null ? null : SignedNote.Parse(last.Note);
    }
}
