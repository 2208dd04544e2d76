namespace Inspection.EndToEnd.Tests;

/// <summary>ONNX Runtime would report what it runs to its maker; from here nothing goes out, and nothing is prepared to.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class TelemetryTests(Fitted fitted)
{
    [Fact]
    public async Task Nothing_is_kept_for_a_report_to_others()
    {
        using var scratch = new Scratch();
        var home = Directory.CreateDirectory(scratch["home"]).FullName;
        await QuietAsync(home, "fit", "coarse", "--data", fitted.SmallData, "--out", scratch["coarse"], "--bank", "200", "--no-flips");
        await QuietAsync(home, "models", "sign", scratch["coarse"], "--key", scratch["test.key"]);
        await QuietAsync(home, "models", "verify", scratch["coarse"]);
    }

    /// <summary>The library keeps its device id and what it has not sent yet below the home folder, and says so where it can't.</summary>
    private static async Task QuietAsync(string home, params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["HOME"] = home, ["XDG_CACHE_HOME"] = "", ["CI"] = "", ["ORT_DISABLE_TELEMETRY"] = "" };
        using var process = InspectionProcess.Start(environment, arguments);
        var ended = (await process.EndAsync()).Expect(0);
        Assert.DoesNotContain("telemetry", ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories), f => f.Contains("onnx", StringComparison.OrdinalIgnoreCase));
    }
}
