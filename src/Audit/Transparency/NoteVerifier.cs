using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NSec.Cryptography;

namespace Inspection.Audit.Transparency;

/// <summary>What a key's signature says (C2SP signed-note, signature types).</summary>
public enum NoteKeyKind
{
    /// <summary>Signs the text: a log its checkpoints.</summary>
    Ed25519 = 1,

    /// <summary>A witness: consistent with all it saw before, at a time (C2SP tlog-cosignature, v1).</summary>
    Cosignature = 4,
}

/// <summary>The public half of a key with its name, as NAME+ID+BASE64 (a C2SP verifier key).</summary>
public sealed class NoteVerifier
{
    private const int TimestampLength = 8;

    /// <summary>Of the year 9999: no later instant can be told.</summary>
    private const long LastSecond = 253_402_300_799;

    private readonly PublicKey _key;

    /// <param name="name">Neither white space nor '+'; by custom a URL without scheme.</param>
    /// <param name="publicKey">32 bytes (RFC 8032).</param>
    /// <exception cref="NoteException">No such key can be.</exception>
    public NoteVerifier(string name, NoteKeyKind kind, ReadOnlySpan<byte> publicKey)
    {
        if (!SignedNote.IsName(name))
        {
            throw new NoteException($"'{name}' is no key name: it must not be empty and holds neither white space nor '+'");
        }

        _key = PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key) && key is not null
            ? key
            : throw new NoteException($"the key of {name} is no Ed25519 public key");
        (Name, Kind, KeyId) = (name, kind, IdOf(name, kind, publicKey));
    }

    public string Name { get; }

    public NoteKeyKind Kind { get; }

    public uint KeyId { get; }

    /// <exception cref="NoteException">The text is no verifier key, or its id is not that of its key.</exception>
    public static NoteVerifier Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        var material = parts.Length == 3 ? NoteText.Base64(parts[2]) : null;
        if (material is not { Length: 33 } || parts[1].Length != 8 || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
        {
            throw new NoteException("a verifier key has the form NAME+ID+KEY: 8 hexadecimal digits, then the base64 of a type byte and 32 bytes");
        }

        if (!Enum.IsDefined((NoteKeyKind)material[0]))
        {
            throw new NoteException($"the key of {parts[0]} is of type {material[0]}; known are 1 (Ed25519) and 4 (Ed25519 cosignature)");
        }

        var key = new NoteVerifier(parts[0], (NoteKeyKind)material[0], material.AsSpan(1));
        return key.KeyId == id ? key : throw new NoteException($"the id of key {parts[0]} is {parts[1]}, its bytes give {key.KeyId:x8}: a digit was changed");
    }

    /// <summary>Whether this key made the signature over the text. Name and id of the signature are not looked at.</summary>
    public bool Verifies(string text, NoteSignature signature) => Kind switch
    {
        NoteKeyKind.Ed25519 => SignatureAlgorithm.Ed25519.Verify(_key, Encoding.UTF8.GetBytes(text), signature.Bytes.Span),
        _ => TimeOf(signature) is { } time && SignatureAlgorithm.Ed25519.Verify(_key, CosignedMessage(text, time), signature.Bytes.Span[TimestampLength..]),
    };

    /// <summary>When a cosignature was made, POSIX seconds; null where the bytes hold no time. Proves nothing before the signature is verified.</summary>
    public static long? TimeOf(NoteSignature signature) =>
        signature.Bytes.Length > TimestampLength && BinaryPrimitives.ReadInt64BigEndian(signature.Bytes.Span) is >= 0 and <= LastSecond and var time ? time : null;

    /// <summary>NAME+ID: enough for people to tell keys apart.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyId:x8}");

    public override string ToString() => $"{Title}+{Convert.ToBase64String([(byte)Kind, .. _key.Export(KeyBlobFormat.RawPublicKey)])}";

    internal static byte[] CosignedMessage(string text, long time) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n{text}"));

    private static uint IdOf(string name, NoteKeyKind kind, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[32];
        Protocol.Digest.Of([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. publicKey]).CopyTo(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
