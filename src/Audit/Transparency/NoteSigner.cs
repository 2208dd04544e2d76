using System.Buffers.Binary;
using System.Text;
using NSec.Cryptography;

namespace Inspection.Audit.Transparency;

/// <summary>The private half of a log's or a witness's key.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly Key _key;

    private NoteSigner(string name, NoteKeyKind kind, Key key)
    {
        _key = key;
        Verifier = new NoteVerifier(name, kind, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    public NoteVerifier Verifier { get; }

    /// <param name="pem">PKCS#8 PEM, as <see cref="NewKey"/> writes it.</param>
    /// <exception cref="NoteException">The bytes hold no Ed25519 key, or the name cannot be one.</exception>
    public static NoteSigner Open(string name, NoteKeyKind kind, ReadOnlySpan<byte> pem)
    {
        var key = Key.TryImport(SignatureAlgorithm.Ed25519, pem, KeyBlobFormat.PkixPrivateKeyText, out var found) && found is not null
            ? found
            : throw new NoteException($"the private key of {name} is no Ed25519 key in PKCS#8 PEM");
        try
        {
            return new NoteSigner(name, kind, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>A new private key as PKCS#8 PEM, to be kept where only its owner can read it.</summary>
    public static byte[] NewKey()
    {
        using var key = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving });
        return key.Export(KeyBlobFormat.PkixPrivateKeyText);
    }

    /// <param name="text">A note's text.</param>
    /// <param name="now">When, for a cosignature; whole seconds.</param>
    public NoteSignature Sign(string text, DateTimeOffset now)
    {
        if (Verifier.Kind == NoteKeyKind.Ed25519)
        {
            return new NoteSignature(Verifier.Name, Verifier.KeyId, SignatureAlgorithm.Ed25519.Sign(_key, Encoding.UTF8.GetBytes(text)));
        }

        var time = now.ToUnixTimeSeconds();
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time);
        return new NoteSignature(Verifier.Name, Verifier.KeyId, (byte[])[.. bytes, .. SignatureAlgorithm.Ed25519.Sign(_key, NoteVerifier.CosignedMessage(text, time))]);
    }

    public void Dispose() => _key.Dispose();
}
