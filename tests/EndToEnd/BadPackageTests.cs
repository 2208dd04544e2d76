using System.Text.RegularExpressions;

namespace Inspection.EndToEnd.Tests;

/// <summary>Packages that are not what they say.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed partial class BadPackageTests(Fitted fitted)
{
    [Fact]
    public Task A_model_of_a_wrong_shape_is_refused() => RefusesAsync(
        package =>
        {
            // half the height, consistently: only the model itself disagrees
            var file = Path.Combine(package, "package.json");
            var text = File.ReadAllText(file);
            File.WriteAllText(file, Length().Replace(Height().Replace(text, "\"height\": 128", 1), "\"tensor_length\": 32768", 1));
        },
        "model.onnx",
        "256");

    [Fact]
    public Task A_package_whose_golden_vectors_differ_is_refused() => RefusesAsync(
        package =>
        {
            // the first expected output, moved by a quarter
            var file = Path.Combine(package, "golden", "vectors.json");
            var text = File.ReadAllText(file);
            var changed = Output().Replace(text, m => $"{m.Groups[1].Value}0.77", 1);
            Assert.NotEqual(text, changed);
            File.WriteAllText(file, changed);
        },
        "golden");

    [Fact]
    public Task A_truncated_model_is_refused() => RefusesAsync(
        package =>
        {
            using var model = new FileStream(Path.Combine(package, "model.onnx"), FileMode.Open);
            model.SetLength(model.Length / 2);
        },
        "model.onnx",
        "truncated");

    [Fact]
    public Task A_package_json_that_is_no_json_is_refused() => RefusesAsync(package => File.WriteAllText(Path.Combine(package, "package.json"), "{ \"format\": "), "package.json");

    [Fact]
    public async Task A_changed_file_under_an_old_signature_is_refused()
    {
        using var scratch = new Scratch();
        var (package, plant) = await CopyAsync(scratch);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0); // signs it
        await File.AppendAllTextAsync(Path.Combine(package, "package.json"), "\n");
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(2).Says(package, "sign");
    }

    /// <summary>Unsigned, so that the change itself is found and not only the broken signature.</summary>
    private async Task RefusesAsync(Action<string> change, params string[] words)
    {
        using var scratch = new Scratch();
        var (package, plant) = await CopyAsync(scratch);
        File.Delete(Path.Combine(package, "signature"));
        change(package);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(2).Says([package, .. words]);
        Assert.False(File.Exists(PlantFile.Journal(scratch)), "a refused package leaves no journal");
    }

    private async Task<(string Package, string Plant)> CopyAsync(Scratch scratch)
    {
        var package = scratch.Copy(await fitted.SmallCoarseAsync(), "package");
        return (package, PlantFile.Write(scratch, PlantLine.Synthetic("l", package, 3)));
    }

    [GeneratedRegex("\"height\": [0-9]+")]
    private static partial Regex Height();

    [GeneratedRegex("\"tensor_length\": [0-9]+")]
    private static partial Regex Length();

    [GeneratedRegex("(\"anomaly_map\": \\[\\s*)[0-9.eE+-]+")]
    private static partial Regex Output();
}
