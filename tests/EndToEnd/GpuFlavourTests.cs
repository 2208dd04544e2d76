namespace Inspection.EndToEnd.Tests;

/// <summary>The build for GPUs (decision 0004), made here: on CPUs it does all that the other one does, and without a GPU it says what is missing.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class GpuFlavourTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task It_inspects_on_CPUs_and_never_takes_them_for_a_GPU()
    {
        var built = Path.Combine(Repository.Root, "artifacts", "gpu-flavour");
        var project = Path.Combine(Repository.Root, "src", "Nodes", "Inspection", "Inspection.csproj");
        _ = (await RunAsync("dotnet", "build", project, "-c", "Release", "-p:Inference=Gpu", "-p:DebugType=none", "-nologo", "-v", "quiet", "--nodeReuse:false", "-p:UseSharedCompilation=false", "--artifacts-path", built)).Expect(0);
        var inspection = Path.Combine(built, "bin", "Inspection", "release", "inspection");

        using var scratch = new Scratch();
        var demo = (await RunAsync(inspection, "demo", "--seconds", "2", "--lines", "1", "--cameras", "1", "--headless", "--out", scratch["demo"])).Expect(0);
        Assert.Contains("conservation: accepted 4 = decided 4 + fallback 0 + open 0", demo.Out, StringComparison.Ordinal);

        foreach (var provider in (string[])["cuda", "tensorrt"])
        {
            using var check = InspectionProcess.Start(new Dictionary<string, string> { ["INSPECTION__INFERENCE__PROVIDER"] = provider }, ["check", "--plant", scratch["demo/plant.yaml"]], inspection);
            var ended = await check.EndAsync();
            _ = File.Exists("/dev/nvidiactl") ? ended.Expect(0) : ended.Expect(3).Says(provider, ".so");
        }
    }

    private static async Task<Ended> RunAsync(string program, params string[] arguments)
    {
        using var process = InspectionProcess.Start(Nothing, arguments, program);
        return await process.EndAsync();
    }
}
