using System.Diagnostics;
using Inspection.Kubernetes.Tests.Containers.Engines;
using Inspection.Kubernetes.Tests.Policies.Rendering;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>
/// The overlay `local` with a plant file of the test's: the drawn parts it comes with, and real pictures in a folder. All its pods run, with
/// packages that its own Job has made.
/// </summary>
public class LocalPlant : IAsyncLifetime
{
    public const string Collection = "the overlay local";

    /// <summary>The line with real pictures shall not come to their end while the tests run: so many times all of them, one a second.</summary>
    private const int Rounds = 10;

    private static readonly string[] Workers = ["detector-0", "verifier-0", "gateway-0"];

    private readonly Scratch _scratch = new();
    private readonly Models _models = new();
    private readonly Stopwatch _clock = new();

    internal PodPlant Plant { get; private set; } = null!;

    internal Summary Summary { get; } = new();

    internal string JobSaid { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var choice = await ChooseAsync();
        Summary.Add("pods run as", choice.Words);
        Plant = new PodPlant(await choice.MakeAsync(), Manifests.Parse(Manifests.Local, Render()), new()
        {
            [("inspection-journal", "postgres")] = "Host=postgres;Username=inspection;Password=only-a-test;Database=plant",
            [("inspection-journal", "password")] = "only-a-test",
        });
        JobSaid = await Plant.RunJobAsync("demo-models");
        CopyInto(await _models.TileAsync(), Path.Combine(Plant.Claim("models"), "tile"));
        foreach (var round in Enumerable.Range(0, Rounds))
        {
            CopyInto(Repository.Shared("data/magnetic_tile/test"), Path.Combine(Plant.Claim("pictures"), $"{round:00}"));
        }

        _clock.Start();
        _ = await Plant.StartAsync("postgres", 0);
        foreach (var number in Enumerable.Range(0, Plant.ReplicasOf("supervisor")))
        {
            _ = await Plant.StartAsync("supervisor", number);
        }

        _ = await Plant.StartAsync("sensor", 0);
        foreach (var worker in Workers)
        {
            _ = await Plant.StartAsync(worker[..^2], 0);
        }

        await AllReadyAsync();
        Summary.Add("all pods ready after", $"{_clock.Elapsed.TotalSeconds:0} s ({Plant.Running.Count} pods; the first answers, no image to pull)");
        _ = await Plant.DecidesAsync(6);
    }

    private protected virtual Task<EngineChoice> ChooseAsync() => EngineChoice.OfThisMachineAsync();

    internal async Task AllReadyAsync()
    {
        foreach (var pod in Plant.Members)
        {
            await Plant.ReadyAsync(pod);
        }
    }

    public async Task DisposeAsync()
    {
        if (Plant is not null)
        {
            await Plant.DisposeAsync();
        }

        _scratch.Dispose();
        _models.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a user does: an overlay of the overlay, with lines of their own.</summary>
    private string Render()
    {
        _ = _scratch.File("overlay/plant.yaml", """
            plant: local
            journal: { postgres: "Host=postgres;Username=inspection;Database=plant" }
            lines:
              - line: drawn
                recipe: { name: drawn-part, coarse: /models/demo/models/coarse, verifier: /models/demo/models/verifier, deadline: 5 s }
                stations:
                  - station: s1
                    pace: 2/s
                    gate: { travel: 7 s }
                    cameras:
                      - { camera: c1, ring: 16, synthetic: { seed: 5, width: 256, height: 256, defect_rate: 0.2 } }
              - line: tile
                recipe: { name: tile, coarse: /models/tile, deadline: 5 s }
                stations:
                  - station: s1
                    pace: 1/s
                    gate: { travel: 7 s }
                    cameras:
                      - { camera: c1, ring: 16, folder: /pictures }
            """);
        _ = _scratch.File("overlay/pictures.yaml", """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: { name: pictures }
            spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
            """);
        _ = _scratch.File("overlay/sensor.yaml", """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: { name: sensor }
            spec: { template: { spec: { volumes: [{ name: pictures, emptyDir: null, persistentVolumeClaim: { claimName: pictures, readOnly: true } }] } } }
            """);
        _ = _scratch.File("overlay/kustomization.yaml", $$"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: inspection
            resources: [ "{{Path.GetRelativePath(_scratch["overlay"], Path.Combine(Repository.Root, "k8s/overlays/local"))}}", pictures.yaml ]
            configMapGenerator: [ { name: config, behavior: merge, files: [plant.yaml] } ]
            patches: [ { path: sensor.yaml } ]
            """);
        return Kustomize.Render(_scratch["overlay"]);
    }

    private static void CopyInto(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }
}

[CollectionDefinition(LocalPlant.Collection, DisableParallelization = true)]
public sealed class OneLocalPlant : ICollectionFixture<LocalPlant>;
