using System.Buffers.Binary;
using System.Text;

namespace Inspection.Audit.Transparency;

/// <summary>One signature line: who says to have signed, by which key, and the bytes behind the key's id.</summary>
/// <param name="KeyId">The first four bytes, big-endian.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    internal const string Dash = "\u2014 ";

    /// <summary>The line with its newline.</summary>
    public override string ToString()
    {
        var bytes = new byte[4 + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Bytes.Span.CopyTo(bytes.AsSpan(4));
        return $"{Dash}{Name} {Convert.ToBase64String(bytes)}\n";
    }
}

/// <summary>
/// A signed note in the form of C2SP signed-note: text, an empty line, signature lines. What it holds means nothing before a signature of a
/// trusted key has been verified; see <see cref="VerifiedBy"/>.
/// </summary>
public sealed class SignedNote
{
    /// <summary>Far above a checkpoint with its cosignatures.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxSignatures = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">Ends in a newline.</param>
    public SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        if (!text.EndsWith('\n') || text.Any(c => c < ' ' && c != '\n'))
        {
            throw new NoteException("a note's text ends in a newline and holds no other control characters");
        }

        (Text, Signatures) = (text, signatures);
    }

    /// <summary>With its last newline, without the empty line.</summary>
    public string Text { get; }

    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <exception cref="NoteException">The text is no signed note.</exception>
    public static SignedNote Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <exception cref="NoteException">The bytes are no signed note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
        {
            throw new NoteException($"a signed note has at most {MaxLength} bytes, this one {bytes.Length}");
        }

        var whole = Utf8(bytes);
        var end = whole.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new NoteException("no empty line separates the note's text from its signatures");
        }

        var lines = whole[(end + 2)..];
        if (!lines.EndsWith('\n'))
        {
            throw new NoteException("the note's last signature line has no end, or there is none: it was cut");
        }

        var signatures = lines[..^1].Split('\n').Select(ReadSignature).ToList();
        return signatures.Count <= MaxSignatures
            ? new SignedNote(whole[..(end + 1)], signatures)
            : throw new NoteException($"the note has {signatures.Count} signatures; at most {MaxSignatures} are read");
    }

    /// <summary>
    /// The signatures by this key, each verified. Lines of other keys are passed over, also where only the name or only the id is the same.
    /// </summary>
    /// <returns>Empty: this key signed nothing here.</returns>
    /// <exception cref="NoteException">A line of this key does not verify: the note is to be thrown away.</exception>
    public IReadOnlyList<NoteSignature> VerifiedBy(NoteVerifier key)
    {
        var own = Signatures.Where(s => s.Name == key.Name && s.KeyId == key.KeyId).ToList();
        return own.All(s => key.Verifies(Text, s))
            ? own
            : throw new NoteException($"the note carries a signature by {key.Name} that does not verify: its text or the signature was changed");
    }

    public SignedNote With(NoteSignature signature) => new(Text, [.. Signatures, signature]);

    public byte[] ToBytes() => Strict.GetBytes(ToString());

    /// <summary>As a file or a record holds it; <see cref="Parse(string)"/> reads it again.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures)}";

    /// <summary>Whether a key or a log may be called so.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || c == '+' || c < ' ');

    private static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new NoteException($"the note is not UTF-8 (byte {e.Index})");
        }
    }

    private static NoteSignature ReadSignature(string line)
    {
        var parts = line.StartsWith(NoteSignature.Dash, StringComparison.Ordinal) ? line[NoteSignature.Dash.Length..].Split(' ') : [];
        if (parts.Length != 2 || !IsName(parts[0]))
        {
            throw new NoteException($"a signature line is not of the form '{NoteSignature.Dash}NAME BASE64': {line[..Math.Min(40, line.Length)]}");
        }

        var bytes = NoteText.Base64(parts[1]) ?? throw new NoteException($"the signature of {parts[0]} is not base64");
        return bytes.Length > 4
            ? new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4))
            : throw new NoteException($"the signature of {parts[0]} has {bytes.Length} bytes; the key id alone has 4");
    }
}
