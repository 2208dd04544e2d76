using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>What came of asking a witness.</summary>
public abstract record WitnessReply
{
    private WitnessReply()
    {
    }

    /// <summary>Why there is no signature, in words; null where it signed, or holds another size than was thought.</summary>
    public string? TroubleWith(string witness) => this switch
    {
        Refused refused => $"witness {witness} refuses: {refused.Why}",
        Away away => $"witness {witness} does not answer: {away.Why}",
        _ => null,
    };

    /// <summary>It signed, and its signature verifies.</summary>
    public sealed record Cosigned(NoteSignature Signature) : WitnessReply;

    /// <summary>It last cosigned so many leaves, and wants a proof from there.</summary>
    public sealed record Holds(long Size) : WitnessReply
    {
        /// <summary>In words: it has seen more than there is here.</summary>
        public string Behind(string witness, long here) => $"witness {witness} has cosigned {Size} leaves, and this journal holds {here}: it is behind (a restored backup, or an old copy)";
    }

    /// <summary>It refused, in its words: what it is shown is not what it saw.</summary>
    /// <param name="OtherHistory">What it is shown contradicts what it signed; else it does not know the log or its key.</param>
    public sealed record Refused(string Why, bool OtherHistory = false) : WitnessReply;

    /// <summary>No answer; may pass.</summary>
    public sealed record Away(string Why) : WitnessReply;
}

/// <summary>A log's side of C2SP tlog-witness.</summary>
/// <param name="http">Its time-out is the longest a witness is waited for.</param>
/// <param name="address">The witness's; add-checkpoint is added.</param>
/// <param name="key">The witness's, of kind <see cref="NoteKeyKind.Cosignature"/>.</param>
public sealed class WitnessClient(HttpClient http, Uri address, NoteVerifier key)
{
    /// <summary>The status of a proof that does not hold.</summary>
    private const int OtherHistory = 422;

    private readonly Uri _add = new(address, "add-checkpoint");

    public string Name => key.Name;

    public async Task<WitnessReply> AskAsync(AddCheckpoint request, CancellationToken cancel)
    {
        try
        {
            using var body = new ByteArrayContent(request.ToBytes());
            using var answer = await http.PostAsync(_add, body, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return (int)answer.StatusCode switch
            {
                200 => Cosignature(request.Note, text),
                409 when NoteText.Size(text.TrimEnd('\n')) is { } size => new WitnessReply.Holds(size),
                var status when status >= 500 => new WitnessReply.Away($"it answers {status}: {text.Trim()}"),
                var status => new WitnessReply.Refused(string.Create(CultureInfo.InvariantCulture, $"{status}: {text.Trim()}"), status == OtherHistory),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return new WitnessReply.Away(e.Message);
        }
    }

    private WitnessReply Cosignature(SignedNote note, string lines)
    {
        try
        {
            var signed = SignedNote.Parse($"{note.Text}\n{lines}");
            return signed.VerifiedBy(key) is [var own, ..] ? new WitnessReply.Cosigned(own) : new WitnessReply.Refused($"it signed with another key than {key.Title}");
        }
        catch (NoteException e)
        {
            return new WitnessReply.Refused(e.Message);
        }
    }
}
