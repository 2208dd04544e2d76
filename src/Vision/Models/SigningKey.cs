using System.Text;
using NSec.Cryptography;

namespace Inspection.Vision.Models;

/// <summary>An Ed25519 key that signs packages. The private half lies in one file (PKCS#8 PEM) that only its owner can read.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly Key _key;

    private SigningKey(Key key) => _key = key;

    public byte[] PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    /// <summary>The first 16 hexadecimal digits of the public key's SHA-256.</summary>
    public string KeyId => IdOf(PublicKey);

    public static string IdOf(ReadOnlySpan<byte> publicKey) => Protocol.Digest.Of(publicKey).ToString()[..16];

    /// <summary>Reads the key; where there is no file, makes a new key and writes it with mode 0600.</summary>
    /// <exception cref="InvalidDataException">The file is there and holds no Ed25519 key.</exception>
    public static SigningKey LoadOrCreate(string path)
    {
        var format = KeyBlobFormat.PkixPrivateKeyText;
        if (File.Exists(path))
        {
            return Key.TryImport(SignatureAlgorithm.Ed25519, File.ReadAllBytes(path), format, out var key, Exportable) && key is not null
                ? new SigningKey(key)
                : throw new InvalidDataException($"{path} holds no Ed25519 private key (PKCS#8 PEM); move it away and a new key is made, which signs under another id");
        }

        var created = Key.Create(SignatureAlgorithm.Ed25519, Exportable);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
        {
            _ = Directory.CreateDirectory(folder);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(created.Export(format));
        }

        return new SigningKey(created);
    }

    public byte[] Sign(string text) => SignatureAlgorithm.Ed25519.Sign(_key, Encoding.UTF8.GetBytes(text));

    public static bool Verify(ReadOnlySpan<byte> publicKey, string text, ReadOnlySpan<byte> signature) =>
        NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key) && key is not null
        && SignatureAlgorithm.Ed25519.Verify(key, Encoding.UTF8.GetBytes(text), signature);

    public void Dispose() => _key.Dispose();

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}
