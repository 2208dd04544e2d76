using System.Text;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.Vision.Models;

/// <summary>What the file `signature` holds.</summary>
public sealed record PackageSignature
{
    public required string Algorithm { get; init; }

    public required string KeyId { get; init; }

    /// <summary>Base64 of the raw 32 bytes.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Base64, over the canonical list.</summary>
    public required string Signature { get; init; }
}

/// <summary>
/// Signs a package: Ed25519 over the UTF-8 text of one line "SHA256  RELATIVE/PATH\n" for each file but `signature`, in ordinal order of
/// the paths. So no file can be changed, added or taken away.
/// </summary>
public static class PackageSigner
{
    private const string Ed25519 = "ed25519";

    /// <summary>Writes `signature`; an earlier one is replaced.</summary>
    public static PackageSignature Sign(string directory, SigningKey key)
    {
        var signature = new PackageSignature
        {
            Algorithm = Ed25519,
            KeyId = key.KeyId,
            PublicKey = Convert.ToBase64String(key.PublicKey),
            Signature = Convert.ToBase64String(key.Sign(CanonicalList(directory))),
        };
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Signature), JsonSerializer.SerializeToUtf8Bytes(signature, PackageManifest.Json));
        return signature;
    }

    /// <summary>The valid signature; null where there is none.</summary>
    /// <exception cref="PackageException">There is one and it does not verify.</exception>
    public static PackageSignature? Verify(string directory)
    {
        var path = Path.Combine(directory, PackageFiles.Signature);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var signature = JsonSerializer.Deserialize<PackageSignature>(PackageFile.Read(directory, PackageFiles.Signature, PackageFile.MostText), PackageManifest.Json) ?? throw new JsonException("the document is null");
            var publicKey = Convert.FromBase64String(signature.PublicKey);
            var valid = signature.Algorithm == Ed25519 && signature.KeyId == SigningKey.IdOf(publicKey)
                && SigningKey.Verify(publicKey, CanonicalList(directory), Convert.FromBase64String(signature.Signature));
            return valid
                ? signature
                : throw new PackageException(directory, $"its signature by key {signature.KeyId} does not verify: a file was changed, added or removed after it was signed", "Restore the package as it was signed; sign it again only if you know what changed");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new PackageException(directory, $"the file {PackageFiles.Signature} cannot be read: {e.Message.TrimEnd('.')}", "Restore the package as it was signed", e);
        }
    }

    /// <summary>The text that is signed.</summary>
    public static string CanonicalList(string directory)
    {
        var text = new StringBuilder();
        var files = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(directory, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => f != PackageFiles.Signature)
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            _ = text.Append(PackageFile.DigestOf(directory, file)).Append("  ").Append(file).Append('\n');
        }

        return text.ToString();
    }
}
