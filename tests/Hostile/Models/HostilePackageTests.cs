using System.Globalization;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Vision.Models;

namespace Inspection.Hostile.Tests.Models;

/// <summary>Packages that were changed: refused in words, or what they were. In a child, because ONNX Runtime is native: an abort is seen, and so is memory.</summary>
[Collection(FittedModelsCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class HostilePackageTests(FittedModels models)
{
    private const int Seed = 77;
    private const int Least = 500;
    private const long HeapLimit = 512L << 20;

    /// <summary>Runtime, ONNX Runtime and one model; a shape of gigabytes must not be filled.</summary>
    private const long MostMemory = 900L << 20;

    [Fact]
    public Task A_changed_small_package_is_refused_or_what_it_was() => ReadsAsync("2 packages, small", SmallModel.Write, 60, Least);

    [Fact]
    public Task A_changed_fitted_package_is_refused_or_what_it_was() => ReadsAsync("2 packages, fitted", to => CopyTo(models.Coarse, to), 2, 50);

    private static async Task ReadsAsync(string block, Action<string> make, int rounds, int least)
    {
        using var scratch = new Scratch();
        var whole = scratch["whole"];
        make(whole);
        using (var key = SigningKey.LoadOrCreate(scratch["key"]))
        {
            _ = PackageSigner.Sign(whole, key);
        }

        var cases = PackageMutations.All(Seed, rounds).Prepend(("whole", _ => { }
        )).Select((m, i) =>
        {
            var folder = scratch[$"packages/{i.ToString("D5", CultureInfo.InvariantCulture)}"];
            CopyTo(whole, folder);
            if (i % 2 == 1 && m.Item1.Contains(':', StringComparison.Ordinal))
            {
                File.Delete(Path.Combine(folder, PackageFiles.Signature)); // what lies behind the signature is to stand on its own
            }

            m.Item2(folder);
            return (Kind: m.Item1, Folder: folder);
        }).ToArray();
        Assert.InRange(cases.Length, least, int.MaxValue);
        var child = await Child.ReadAsync("packages", [.. cases.Select(c => c.Folder)], scratch, HeapLimit);

        Summary.Write(block, [.. Child.Table(cases.Select(c => (c.Kind, child.Outcomes[c.Folder])), child, byKind: least == Least)]);
        var original = child.Outcomes[cases[0].Folder];
        Assert.StartsWith(Child.Taken, original, StringComparison.Ordinal);
        var wrong = cases.Where(c => !Fits(c.Kind, c.Folder, child.Outcomes[c.Folder], original)).Select(c => $"{c.Kind}: {child.Outcomes[c.Folder][..Math.Min(700, child.Outcomes[c.Folder].Length)]}").ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {cases.Length}:\n{string.Join('\n', wrong.Take(15))}");
        Assert.All(cases.Where(c => child.Outcomes[c.Folder].StartsWith(Child.Taken, StringComparison.Ordinal)), c =>
            Assert.DoesNotMatch("\"(candidate|reject|clear_limit|ood|tolerance)\": \"NaN\"", File.ReadAllText(Path.Combine(c.Folder, PackageFiles.Manifest))));
        Assert.InRange(child.PeakBytes, 1, MostMemory);
    }

    /// <summary>
    /// A refusal names the package. One that loads is the same model, or its golden vectors say that it computes the same; a changed
    /// package.json that loads is another policy, which its signature is there to find.
    /// </summary>
    private static bool Fits(string kind, string folder, string outcome, string original) => outcome.StartsWith(Child.Refused, StringComparison.Ordinal)
        ? outcome.Contains(folder, StringComparison.Ordinal) && outcome.Length > Child.Refused.Length + folder.Length + 20
        : outcome.StartsWith(Child.Taken, StringComparison.Ordinal)
            && (outcome == original || kind.StartsWith("package.json", StringComparison.Ordinal) || kind is "model.onnx: graph" or "model.onnx: weights" or "model.onnx: bytes, digest");

    private static void CopyTo(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
