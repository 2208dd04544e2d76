using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Inspection.Decisions.Packages;
using Inspection.Protocol;
using Inspection.Vision.Models;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Tests.Packages;

[Collection(FittedCollection.Name)]
public sealed class PackageTests(FittedPackages fitted)
{
    private static readonly PackageLoadOptions Unsigned = new() { RequireSignature = false };

    [Fact]
    public void A_fitted_package_loads_and_its_policy_is_that_of_its_manifest_alone()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        Assert.Equal(fitted.Coarse.SignatureId, package.SignatureId);
        Assert.Equal(ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(package.ManifestText)), package.Policy);
        Assert.Equal(package.Manifest.Coarse!.Reject, package.Policy.Reject);
        Assert.Equal(package.Manifest.Coarse.Ood, package.Policy.OodLimit);
        Assert.Equal(fitted.Coarse.Manifest, package.Manifest with { Lineage = fitted.Coarse.Manifest.Lineage });
    }

    [Fact]
    public void White_space_does_not_change_a_policy_and_a_threshold_does()
    {
        var text = ModelPackage.Load(fitted.Coarse.Directory).ManifestText;
        var policy = ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(text));
        Assert.Equal(policy, ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(JsonNode.Parse(text)!.ToJsonString())));
        var node = JsonNode.Parse(text)!;
        node["coarse"]!["reject"] = policy.Reject * 1.01f;
        var changed = ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(node.ToJsonString()));
        Assert.NotEqual(policy.ThresholdsDigest, changed.ThresholdsDigest);
        Assert.Equal(policy.CalibrationDigest, changed.CalibrationDigest);
    }

    [Theory]
    [InlineData("golden/0.png")]
    [InlineData("package.json")]
    [InlineData("seen.csv")]
    public void One_changed_byte_breaks_the_signature(string file)
    {
        var copy = fitted.Copy("byte-" + file.Replace('/', '-'));
        var path = Path.Combine(copy, file);
        var bytes = File.ReadAllBytes(path);

        // White space of the JSON, or the last byte elsewhere: the meaning stays, the bytes do not.
        bytes[file == "package.json" ? Array.IndexOf(bytes, (byte)'\n') : bytes.Length - 1] ^= 0x03;
        if (file == "package.json")
        {
            bytes[Array.IndexOf(bytes, (byte)('\n' ^ 0x03))] = (byte)' ';
        }

        File.WriteAllBytes(path, bytes);
        Refused(copy, null, "signature");
    }

    [Fact]
    public void A_changed_or_truncated_model_is_refused_by_its_digest()
    {
        var copy = fitted.Copy("changed");
        Change(copy, PackageFiles.Model, bytes => bytes[bytes.Length / 2] ^= 1);
        Refused(copy, Unsigned, "SHA-256");
        var cut = fitted.Copy("cut");
        var path = Path.Combine(cut, PackageFiles.Model);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100_000]);
        Refused(cut, Unsigned, "truncated");
    }

    [Theory]
    [InlineData(PackageFiles.Manifest)]
    [InlineData(PackageFiles.Model)]
    public void What_is_missing_and_what_may_not_be_read_are_told_apart(string file)
    {
        var copy = fitted.Copy("unreadable-" + file);
        File.Delete(Path.Combine(copy, file));
        Refused(copy, Unsigned, $"there is no {file}");
        _ = Directory.CreateDirectory(Path.Combine(copy, file)); // denied to everybody, the superuser included
        Refused(copy, Unsigned, $"{file} can't be read");
    }

    [Fact]
    public void A_model_of_another_shape_is_refused()
    {
        var copy = fitted.Copy("shape");
        Edit(copy, node => node["preparation"]!["width"] = 112);
        Refused(copy, Unsigned, "\"input\" is Uint8 [N, 96, 96, 1]");
    }

    [Fact]
    public void Differing_golden_vectors_are_refused_with_both_values()
    {
        var copy = fitted.Copy("golden");
        var path = Path.Combine(copy, PackageFiles.GoldenVectors);
        var node = JsonNode.Parse(File.ReadAllText(path))!;
        node[1]!["outputs"]!["score"]![0] = 0.123f;
        File.WriteAllText(path, node.ToJsonString());
        Unsign(copy);
        Refused(copy, Unsigned, "score[0] should be 0.123");
    }

    [Fact]
    public void External_data_custom_operators_and_missing_outputs_are_refused()
    {
        var external = fitted.Copy("external");
        EditModel(external, m => m.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" }));
        Refused(external, Unsigned, "another file");
        var custom = fitted.Copy("custom");
        EditModel(custom, m => m.Graph.Node[3].Domain = "com.example");
        Refused(custom, Unsigned, "com.example");
        var output = fitted.Copy("output");
        EditModel(output, m => m.Graph.Output.RemoveAt(1));
        Refused(output, Unsigned, "anomaly_map");
    }

    [Fact]
    public void An_unknown_key_is_refused_with_the_nearest_known_one()
    {
        var copy = fitted.Copy("key");
        Edit(copy, node => node["coarse"]!["rejekt"] = 1);
        Refused(copy, Unsigned, "\"coarse.rejekt\"; the nearest known key is \"coarse.reject\"");
    }

    [Fact]
    public void An_unsigned_package_needs_a_signature_and_gets_one_from_the_local_key()
    {
        var copy = fitted.Copy("unsigned");
        Unsign(copy);
        Refused(copy, null, "not signed");
        Assert.Equal("", ModelPackage.Load(copy, Unsigned).SignatureId);
        using var key = SigningKey.LoadOrCreate(fitted.NewFolder("local.pem"));
        _ = PackageSigner.Sign(copy, key);
        Assert.Equal(key.KeyId, ModelPackage.Load(copy).SignatureId);
        Refused(copy, new PackageLoadOptions { TrustedKeys = new HashSet<string> { fitted.Coarse.SignatureId } }, "not trusted");
    }

    [Fact]
    public void A_signing_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var path = fitted.NewFolder("keys/own.pem");
        using var first = SigningKey.LoadOrCreate(path);
        using var second = SigningKey.LoadOrCreate(path);
        Assert.Equal(first.KeyId, second.KeyId);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        File.WriteAllText(path, "no key");
        _ = Assert.Throws<InvalidDataException>(() => SigningKey.LoadOrCreate(path));
    }

    private static void Refused(string directory, PackageLoadOptions? options, string reason) =>
        Assert.Contains(reason, Assert.Throws<PackageException>(() => ModelPackage.Load(directory, options)).Message, StringComparison.Ordinal);

    private static void Unsign(string directory) => File.Delete(Path.Combine(directory, PackageFiles.Signature));

    private static void Change(string directory, string file, Action<byte[]> change)
    {
        var path = Path.Combine(directory, file);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private static void Edit(string directory, Action<JsonNode> edit)
    {
        var path = Path.Combine(directory, PackageFiles.Manifest);
        var node = JsonNode.Parse(File.ReadAllText(path))!;
        edit(node);
        File.WriteAllText(path, node.ToJsonString());
        Unsign(directory);
    }

    /// <summary>Changes the model and makes the digest fit again, so that only the structure is wrong.</summary>
    private static void EditModel(string directory, Action<ModelProto> edit)
    {
        var path = Path.Combine(directory, PackageFiles.Model);
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        edit(model);
        var bytes = model.ToByteArray();
        File.WriteAllBytes(path, bytes);
        Edit(directory, node => node["model_digest"] = Digest.Of(bytes).ToString());
    }
}
