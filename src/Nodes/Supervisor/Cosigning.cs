using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>Asks the witnesses of a log for their word on a checkpoint, one after the other's last.</summary>
internal sealed class Cosigning(IReadOnlyList<WitnessClient> witnesses)
{
    /// <summary>What each witness cosigned last, as far as is known here.</summary>
    private readonly Dictionary<string, long> _held = [];

    /// <summary>What came of one round.</summary>
    /// <param name="Note">With the cosignatures that were had.</param>
    /// <param name="Trouble">Who did not sign and why; null: all did.</param>
    /// <param name="Behind">A witness has seen more than this journal holds.</param>
    internal sealed record Outcome(SignedNote Note, int Signatures, string? Trouble, string? Behind);

    /// <summary>Whether one of the witnesses says that it signed; its word is checked where it is given.</summary>
    public bool IsSigned(SignedNote note) => witnesses.Any(w => note.Signatures.Any(s => s.Name == w.Name));

    /// <param name="prove">The consistency proof from one size to the note's.</param>
    public async Task<Outcome> AskAsync(SignedNote note, long size, Func<long, IReadOnlyList<Digest>> prove, CancellationToken cancel)
    {
        var (signed, troubles, behind) = (note, new List<string>(), (string?)null);
        var signatures = 0;
        foreach (var witness in witnesses)
        {
            var reply = await AskAsync(witness, note, size, prove, cancel);
            switch (reply)
            {
                case WitnessReply.Cosigned cosigned:
                    _held[witness.Name] = size;
                    signed = signed.With(cosigned.Signature);
                    signatures++;
                    break;
                case WitnessReply.Holds holds:
                    behind = $"{holds.Behind(witness.Name, size)}; nothing may be decided on it under this log";
                    troubles.Add(behind);
                    break;
            }

            troubles.AddRange(reply.TroubleWith(witness.Name) is { } trouble ? [trouble] : []);
        }

        return new Outcome(signed, signatures, troubles is [] ? null : string.Join("; ", troubles), behind);
    }

    private async Task<WitnessReply> AskAsync(WitnessClient witness, SignedNote note, long size, Func<long, IReadOnlyList<Digest>> prove, CancellationToken cancel)
    {
        var reply = await SendAsync(witness, note, _held.GetValueOrDefault(witness.Name), prove, cancel);
        return reply is WitnessReply.Holds holds && holds.Size <= size ? await SendAsync(witness, note, holds.Size, prove, cancel) : reply;
    }

    private static Task<WitnessReply> SendAsync(WitnessClient witness, SignedNote note, long from, Func<long, IReadOnlyList<Digest>> prove, CancellationToken cancel) =>
        witness.AskAsync(new AddCheckpoint(from, from == 0 ? [] : prove(from), note), cancel);
}
