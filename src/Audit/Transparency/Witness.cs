using System.Globalization;

namespace Inspection.Audit.Transparency;

/// <summary>An answer as HTTP carries it.</summary>
/// <param name="Status">200: the body is the cosignature's line; 409: the size that is held; else why not, in words.</param>
public sealed record WitnessAnswer(int Status, string Body, string ContentType = "text/plain; charset=utf-8");

/// <summary>What a witness remembers of each log: its last cosigned checkpoint. One writer at a time, also of several processes.</summary>
public interface IWitnessStore
{
    /// <summary>
    /// Shows the last cosigned checkpoint of a log (null: none) and stores what is returned in its place, lasting, before it returns; null
    /// stores nothing. Nobody else changes that log's entry meanwhile.
    /// </summary>
    void Replace(string origin, Func<SignedNote?, SignedNote?> next);
}

/// <summary>
/// A witness (C2SP tlog-witness, rule J8): cosigns a log's checkpoint only where the log has grown from what it cosigned before, so nobody can
/// be shown another history without two contradicting cosignatures.
/// </summary>
/// <param name="key">Its own key, of kind <see cref="NoteKeyKind.Cosignature"/>; nobody else's.</param>
/// <param name="logs">The keys of the logs it knows by their origin; several while one is rotated.</param>
public sealed class Witness(NoteSigner key, ILookup<string, NoteVerifier> logs, IWitnessStore store, TimeProvider time)
{
    /// <summary>The answer to a request's body, and the cosigned checkpoint remembered where it is good. Never throws on what the body holds.</summary>
    public WitnessAnswer Add(ReadOnlySpan<byte> body)
    {
        AddCheckpoint request;
        Checkpoint head;
        try
        {
            request = AddCheckpoint.Parse(body);
            head = Checkpoint.Parse(request.Note.Text);
        }
        catch (NoteException e)
        {
            return new WitnessAnswer(400, $"{e.Message}\n");
        }

        if (!logs.Contains(head.Origin))
        {
            return new WitnessAnswer(404, $"this witness does not know the log {head.Origin}\n");
        }

        return SignedByItsLog(head.Origin, request.Note) is { } refusal ? refusal
            : request.OldSize > head.Size ? new WitnessAnswer(400, "the old size is above the checkpoint's\n")
            : Cosign(request, head);
    }

    /// <summary>What it cosigned last of a log, for auditors to hold; 404 where it is none.</summary>
    public WitnessAnswer Last(string origin)
    {
        SignedNote? last = null;
        store.Replace(origin, held =>
        {
            last = held;
            return null;
        });
        return last is null ? new WitnessAnswer(404, $"this witness has cosigned nothing of {origin}\n") : new WitnessAnswer(200, last.ToString());
    }

    private WitnessAnswer? SignedByItsLog(string origin, SignedNote note)
    {
        try
        {
            return logs[origin].Any(log => note.VerifiedBy(log).Count > 0) ? null : new WitnessAnswer(403, $"no known key of the log {origin} signed this\n");
        }
        catch (NoteException e)
        {
            return new WitnessAnswer(403, $"{e.Message}\n");
        }
    }

    private WitnessAnswer Cosign(AddCheckpoint request, Checkpoint head)
    {
        WitnessAnswer? answer = null;
        store.Replace(head.Origin, held =>
        {
            var last = held is null ? null : Checkpoint.Parse(held.Text);
            answer = Refusal(request, head, last);
            if (answer is not null)
            {
                return null;
            }

            var cosignature = key.Sign(request.Note.Text, time.GetUtcNow());
            answer = new WitnessAnswer(200, cosignature.ToString());
            return new SignedNote(request.Note.Text, [.. request.Note.Signatures.Where(s => logs[head.Origin].Any(l => l.Name == s.Name && l.KeyId == s.KeyId)), cosignature]);
        });
        return answer!;
    }

    /// <summary>Null: the log has grown from what was cosigned last.</summary>
    private static WitnessAnswer? Refusal(AddCheckpoint request, Checkpoint head, Checkpoint? last)
    {
        if (request.OldSize != (last?.Size ?? 0))
        {
            return new WitnessAnswer(409, string.Create(CultureInfo.InvariantCulture, $"{last?.Size ?? 0}\n"), "text/x.tlog.size");
        }

        if (head.Size == 0 && head.Root != MerkleHash.Empty)
        {
            return new WitnessAnswer(422, "an empty log has the root of the empty tree\n");
        }

        var grown = request.OldSize == 0
            ? request.Proof.Count == 0
            : MerkleProof.IsConsistent((ulong)request.OldSize, (ulong)head.Size, last!.Root, head.Root, request.Proof);
        return grown ? null : new WitnessAnswer(422, $"the checkpoint at {head.Size} does not continue the one at {request.OldSize} that this witness cosigned\n");
    }
}
