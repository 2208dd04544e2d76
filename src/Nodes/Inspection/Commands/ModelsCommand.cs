using System.CommandLine;
using Inspection.Console;
using Inspection.Vision.Models;

namespace Inspection.Commands;

/// <summary>Model packages on disk. The registry (approvals, canaries) comes later.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Shows, verifies and signs model packages.\n\nExample: inspection models verify models/coarse") { Show(), Verify(), Sign() };

    private static Argument<string> Package() => new("PACKAGE") { Description = "A package directory" };

    private static Command Show()
    {
        var (package, json) = (Package(), Shared.Json());
        var command = new Command("show", "What a package is, and what was learned from what.\n\nExample: inspection models show models/coarse") { package, json };
        command.SetAction((parsed, cancel) => On(parsed.GetValue(json), output =>
        {
            var loaded = ModelPackage.Load(parsed.GetRequiredValue(package), new PackageLoadOptions { RequireSignature = false, CheckGolden = false });
            output.Line($"{loaded.Manifest.Name}: {loaded.Manifest.Stage}, model {loaded.Policy.ModelDigest.Short}, {(loaded.SignatureId.Length > 0 ? $"signed by {loaded.SignatureId}" : "not signed")}");
            foreach (var (key, value) in loaded.Manifest.Lineage)
            {
                output.Line($"  {key}: {value}");
            }

            output.AnswerText(loaded.ManifestText);
        }));
        return command;
    }

    private static Command Verify()
    {
        var (package, json) = (Package(), Shared.Json());
        var command = new Command("verify", "Digest, signature, structure and golden vectors, as loading does.\n\nExample: inspection models verify models/coarse") { package, json };
        command.SetAction((parsed, cancel) => On(parsed.GetValue(json), output =>
        {
            var loaded = ModelPackage.Load(parsed.GetRequiredValue(package));
            output.Line($"{loaded.Directory}: in order; model {loaded.Policy.ModelDigest.Short}, signed by {loaded.SignatureId}");
            output.Answer(new { package = loaded.Directory, ok = true, model_digest = loaded.Policy.ModelDigest.ToString(), signature_id = loaded.SignatureId });
        }));
        return command;
    }

    private static Command Sign()
    {
        var (package, json) = (Package(), Shared.Json());
        var key = Shared.Required("--key", "Key file; made where there is none");
        var command = new Command("sign", "Signs all files of a package, in place of an earlier signature.\n\nExample: inspection models sign models/coarse --key local.key") { package, key, json };
        command.SetAction((parsed, cancel) => On(parsed.GetValue(json), output =>
        {
            using var signing = SigningKey.LoadOrCreate(parsed.GetRequiredValue(key));
            var signature = PackageSigner.Sign(parsed.GetRequiredValue(package), signing);
            output.Line($"{parsed.GetRequiredValue(package)}: signed by {signature.KeyId}");
            output.Answer(new { package = parsed.GetRequiredValue(package), signature_id = signature.KeyId });
        }));
        return command;
    }

    private static Task<int> On(bool json, Action<Output> work)
    {
        var output = new Output(json);
        return Failures.GuardAsync(output, () =>
        {
            work(output);
            return Task.FromResult(ExitCodes.Good);
        });
    }
}
