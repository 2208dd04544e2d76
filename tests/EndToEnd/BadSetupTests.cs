namespace Inspection.EndToEnd.Tests;

/// <summary>A plant file, folder or command that is wrong: said before anything is started.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class BadSetupTests(Fitted fitted)
{
    [Fact]
    public async Task A_folder_without_images_is_named()
    {
        using var scratch = new Scratch();
        _ = scratch.File("pictures/notes.txt", "no picture");
        await RefusesAsync(scratch, PlantLine.OfFolder("l", await fitted.SmallCoarseAsync(), scratch["pictures"]), scratch["pictures"], "no images", "notes.txt");
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        using var scratch = new Scratch();
        await RefusesAsync(scratch, PlantLine.OfFolder("l", await fitted.SmallCoarseAsync(), scratch["nowhere"]), scratch["nowhere"]);
    }

    [Fact]
    public async Task A_missing_package_is_named()
    {
        using var scratch = new Scratch();
        await RefusesAsync(scratch, PlantLine.Synthetic("l", scratch["nowhere"], 3), scratch["nowhere"], "package.json");
    }

    [Fact]
    public async Task A_deadline_that_does_not_fit_the_travel_is_refused_with_what_would_fit()
    {
        using var scratch = new Scratch();
        var line = PlantLine.Synthetic("l", await fitted.SmallCoarseAsync(), 3) with { Pace = "5/s", Travel = "1 s", Deadline = "950 ms" };
        await RefusesAsync(scratch, line, "deadline", "900 ms");
    }

    [Fact]
    public async Task Two_lines_of_one_name_are_refused()
    {
        using var scratch = new Scratch();
        var line = PlantLine.Synthetic("twin", await fitted.SmallCoarseAsync(), 3);
        await RefusesAsync(scratch, PlantFile.Write(scratch, line, line), "twin", "2 times");
    }

    [Fact]
    public async Task An_unknown_key_is_refused_with_its_line_and_the_nearest_known_key()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("l", await fitted.SmallCoarseAsync(), 3));
        var text = await File.ReadAllLinesAsync(plant);
        var at = Array.FindIndex(text, l => l.Contains("window:", StringComparison.Ordinal));
        text[at] = text[at].Replace("window:", "windwo:", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(plant, text);
        await RefusesAsync(scratch, plant, "windwo", "'window'", $"line {at + 1}");
    }

    [Fact]
    public async Task A_missing_plant_file_is_named()
    {
        using var scratch = new Scratch();
        await RefusesAsync(scratch, scratch["plant.yaml"], scratch["plant.yaml"], "inspection init");
    }

    [Fact]
    public async Task A_file_that_is_no_yaml_is_refused_with_its_line()
    {
        using var scratch = new Scratch();
        await RefusesAsync(scratch, scratch.File("plant.yaml", "plant: x\nlines: [\n"), "line", "not YAML");
    }

    [Fact]
    public async Task An_unknown_command_or_option_is_wrong_use_with_a_suggestion()
    {
        _ = (await InspectionProcess.RunAsync("rnu")).Expect(2).Says("rnu", "'run'");
        _ = (await InspectionProcess.RunAsync("run", "--plnat", "x")).Expect(2).Says("--plnat", "'--plant'");
        _ = (await InspectionProcess.RunAsync("run")).Expect(2).Says("--plant");
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("tensorrt")]
    public async Task A_provider_this_build_lacks_is_named(string provider)
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, $"inference: {{ provider: {provider} }}\n", [PlantLine.Synthetic("l", await fitted.SmallCoarseAsync(), 3)]);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(3).Says(provider);
        Assert.False(File.Exists(PlantFile.Journal(scratch)));
    }

    private static Task RefusesAsync(Scratch scratch, PlantLine line, params string[] words) => RefusesAsync(scratch, PlantFile.Write(scratch, line), words);

    /// <summary>`run` and `check` alike, and nothing is left behind.</summary>
    private static async Task RefusesAsync(Scratch scratch, string plant, params string[] words)
    {
        foreach (var command in (string[])["check", "run"])
        {
            _ = (await InspectionProcess.RunAsync(command, "--plant", plant)).Expect(2).Says(words);
        }

        Assert.False(File.Exists(PlantFile.Journal(scratch)), "a refused plant leaves no journal");
    }
}
