using System.Text.Json;

namespace Inspection.EndToEnd.Tests;

/// <summary>What a newcomer types: init on own pictures, the command it prints, the demo.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class FirstStepsTests(Fitted fitted)
{
    [Fact]
    public async Task Init_on_labelled_pictures_gives_a_plant_that_checks_and_runs_with_labels()
    {
        using var scratch = new Scratch();
        var answer = await InitAndRunAsync(scratch, fitted.SmallData);
        Assert.Equal(60, answer.GetProperty("decided").GetInt64());
        Assert.True(answer.GetProperty("ok").GetInt64() > 0 && answer.GetProperty("ng").GetInt64() > 0, answer.ToString());
        Assert.NotEqual(JsonValueKind.Null, answer.GetProperty("escapes").ValueKind);
        Assert.True(answer.GetProperty("lines")[0].GetProperty("verified").GetInt64() > 0, $"labelled defects are there, so a verifier looks: {answer}");
    }

    [Fact]
    public async Task Init_on_a_flat_folder_of_good_pictures_gives_a_plant_that_runs()
    {
        using var scratch = new Scratch();
        _ = scratch.Copy(Path.Combine(fitted.SmallData, "train", "good"), "own pictures");
        var answer = await InitAndRunAsync(scratch, scratch["own pictures"]);
        Assert.Equal(40, answer.GetProperty("decided").GetInt64());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("escapes").ValueKind);
    }

    [Fact]
    public async Task Init_on_a_folder_without_pictures_writes_nothing()
    {
        using var scratch = new Scratch();
        _ = Directory.CreateDirectory(scratch["empty"]);
        _ = (await InspectionProcess.RunAsync("init", "--data", scratch["empty"], "--out", scratch["plant.yaml"])).Expect(2).Says(scratch["empty"]);
        Assert.False(File.Exists(scratch["plant.yaml"]));
    }

    [Fact]
    public async Task The_demo_ends_well_on_every_line()
    {
        using var scratch = new Scratch();
        var ended = (await InspectionProcess.RunAsync("demo", "--seconds", "20", "--headless", "--json", "--out", scratch["demo"])).Expect(0);
        using var answer = JsonDocument.Parse(ended.Out);
        Assert.True(answer.RootElement.GetProperty("fallback").GetInt64() == 0 && answer.RootElement.GetProperty("open").GetInt64() == 0, $"at its own rate nothing falls back: {ended}");
        Assert.Equal(2, answer.RootElement.GetProperty("lines").GetArrayLength());
        Assert.All(answer.RootElement.GetProperty("lines").EnumerateArray(), line => Assert.All(
            (string[])["ok", "ng", "verified"],
            key => Assert.True(line.GetProperty(key).GetInt64() > 0, $"{key}: {line}")));
        Assert.Contains("what to try next", ended.Error, StringComparison.Ordinal);
        _ = (await InspectionProcess.RunAsync("audit", "replay", "--plant", scratch["demo/plant.yaml"])).Expect(0);
    }

    /// <summary>The printed command itself, less its first word.</summary>
    private static async Task<JsonElement> InitAndRunAsync(Scratch scratch, string data)
    {
        var made = (await InspectionProcess.RunAsync("init", "--data", data, "--out", scratch["plant.yaml"])).Expect(0);
        var printed = made.Out.Split('\n').Last(l => l.TrimStart().StartsWith("inspection run", StringComparison.Ordinal)).Trim();
        Assert.Equal($"inspection run --plant {scratch["plant.yaml"]}", printed);
        _ = (await InspectionProcess.RunAsync("check", "--plant", scratch["plant.yaml"])).Expect(0);
        var ran = (await InspectionProcess.RunAsync([.. printed.Split(' ')[1..], "--json"])).Expect(0);
        using var answer = JsonDocument.Parse(ran.Out);
        return answer.RootElement.Clone();
    }
}
