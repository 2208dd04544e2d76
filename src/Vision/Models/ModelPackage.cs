using Inspection.Decisions.Packages;
using Inspection.Protocol;

namespace Inspection.Vision.Models;

/// <summary>How strictly a package is loaded.</summary>
public sealed record PackageLoadOptions
{
    /// <summary>Refuse a package without a signature. A signature that does not verify is refused always.</summary>
    public bool RequireSignature { get; init; } = true;

    /// <summary>Key ids that may sign; null for any valid signature (then a signature shows integrity, not who signed).</summary>
    public IReadOnlySet<string>? TrustedKeys { get; init; }

    /// <summary>Run the golden vectors (one inference each).</summary>
    public bool CheckGolden { get; init; } = true;
}

/// <summary>A verified model package (design section 6): digest, signature, structure and golden vectors have been checked.</summary>
public sealed class ModelPackage
{
    private ModelPackage(string directory, PackageManifest manifest, string manifestText, ModelPolicy policy, byte[] model, string signatureId)
    {
        Directory = directory;
        Manifest = manifest;
        ManifestText = manifestText;
        Policy = policy;
        Model = model;
        SignatureId = signatureId;
    }

    public string Directory { get; }

    public PackageManifest Manifest { get; }

    /// <summary>package.json as it lies on disk: what the journal keeps in ModelActivated.</summary>
    public string ManifestText { get; }

    public ModelPolicy Policy { get; }

    /// <summary>The bytes that were checked, so that a file swapped afterwards is not what runs.</summary>
    public byte[] Model { get; }

    /// <summary>Key id of the signature, hexadecimal; empty where unsigned.</summary>
    public string SignatureId { get; }

    /// <exception cref="PackageException">The package is missing something, was changed, or does not compute what it should.</exception>
    public static ModelPackage Load(string directory, PackageLoadOptions? options = null)
    {
        options ??= new PackageLoadOptions();
        var json = PackageFile.Read(directory, PackageFiles.Manifest, PackageFile.MostText);
        var manifest = ManifestReader.Read(directory, json);
        var model = PackageFile.Read(directory, PackageFiles.Model);
        var digest = Digest.Of(model).ToString();
        if (!string.Equals(digest, manifest.ModelDigest, StringComparison.OrdinalIgnoreCase))
        {
            throw new PackageException(directory, $"{PackageFiles.Model} has SHA-256 {digest[..12]}..., {PackageFiles.Manifest} says {manifest.ModelDigest[..Math.Min(12, manifest.ModelDigest.Length)]}...: it was changed or truncated ({model.Length} bytes)", "Restore the package");
        }

        var signatureId = CheckSignature(directory, options);
        ModelStructure.Check(directory, model, manifest);
        var policy = ReadPolicy(directory, json);
        if (options.CheckGolden)
        {
            GoldenVectors.Check(directory, model, manifest);
        }

        return new ModelPackage(directory, manifest, System.Text.Encoding.UTF8.GetString(json), policy, model, signatureId);
    }

    private static string CheckSignature(string directory, PackageLoadOptions options)
    {
        var signature = PackageSigner.Verify(directory);
        if (signature is null)
        {
            return options.RequireSignature
                ? throw new PackageException(directory, "it is not signed", "Sign it: inspection models sign")
                : "";
        }

        return options.TrustedKeys is { } trusted && !trusted.Contains(signature.KeyId)
            ? throw new PackageException(directory, $"it is signed by key {signature.KeyId}, which is not trusted here (trusted: {string.Join(", ", trusted)})", "Have it signed by a trusted key, or add the key")
            : signature.KeyId;
    }

    private static ModelPolicy ReadPolicy(string directory, byte[] json)
    {
        try
        {
            return ModelPolicyReader.FromManifest(json);
        }
        catch (FormatException e)
        {
            throw new PackageException(directory, e.Message.TrimEnd('.'), "Restore the file, or fit the model again", e);
        }
    }
}
