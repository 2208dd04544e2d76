using System.Globalization;
using System.Text;
using Inspection.Kubernetes.Tests.Containers.Engines;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>The pods of one rendered overlay, run on a network of their own; the part of Kubernetes' controllers is the test's.</summary>
internal sealed class PodPlant : IAsyncDisposable
{
    /// <summary>The pod of the journal's database.</summary>
    public const string Database = "postgres-0";

    private const UnixFileMode Everybody = (UnixFileMode)0b010_111_111_111; // with the group's own bit: as fsGroup gives a volume

    private readonly Scratch _scratch = new();
    private readonly IPodEngine _engine;
    private readonly Dictionary<string, PodRun> _running = [];
    private readonly Dictionary<(string Name, string Key), string> _secrets;
    private readonly Manifests _manifests;
    private readonly List<string> _told = [];

    public PodPlant(IPodEngine engine, Manifests manifests, Dictionary<(string Name, string Key), string> secrets)
    {
        (_engine, _manifests, _secrets) = (engine, manifests, secrets);
        File.SetUnixFileMode(_scratch.Root, Everybody);
    }

    public IReadOnlyCollection<string> Running => _running.Keys;

    /// <summary>Running pods of the program: all but <see cref="Database"/>.</summary>
    public IEnumerable<string> Members => _running.Keys.Where(p => p != Database);

    /// <summary>The image of pods that start from now on; null: the manifest's.</summary>
    public string? Image { get; set; }

    /// <summary>The folder of the host that stands for a claim.</summary>
    public string Claim(string name) => Folder($"claims/{name}");

    public string HttpOf(string pod) => $"{_running[pod].Address}:8558";

    public Task<string> ImageOfAsync(string pod) => _engine.ImageOfAsync(pod);

    /// <summary>The number of its process on this machine.</summary>
    public Task<int> ProcessAsync(string pod) => _engine.ProcessAsync(pod);

    public int ReplicasOf(string workload) => WorkloadOf(workload).Replicas;

    /// <summary>Starts the pod of this number: of a StatefulSet the one with that ordinal.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> StartAsync(string workload, int number)
    {
        var service = _manifests.Find<V1StatefulSet>(workload)?.Spec.ServiceName;
        var name = $"{workload}-{number.ToString(CultureInfo.InvariantCulture)}";
        var pod = new Pod(name, WorkloadOf(workload).Template, service is null ? [name] : [$"{name}.{service}", .. ReplicasOf(workload) == 1 ? new[] { service } : []]);
        await RunAsync(pod, Image, restarts: true);
        return name;
    }

    /// <summary>A pod of this workload under a name of its own, with environment variables of the test's; it does not start again.</summary>
    public Task StartStrangerAsync(string workload, string name, IReadOnlyDictionary<string, string> environment) =>
        RunAsync(new Pod(name, WorkloadOf(workload).Template, [name]) { Changed = environment }, Image, restarts: false);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public async Task<(int Code, string Said)> EndAsync(string pod)
    {
        await _engine.EndedAsync(pod, Explain);
        return await RemoveAsync(pod);
    }

    /// <summary>Runs a Job's pod to its end.</summary>
    public async Task<string> RunJobAsync(string name)
    {
        await RunAsync(new Pod(name, WorkloadOf(name).Template, []), Image, restarts: false);
        await _engine.EndedAsync(name, Explain);
        var (code, said) = await RemoveAsync(name);
        Assert.True(code == 0, $"the Job {name} ended with {code}:\n{said}");
        return said;
    }

    /// <summary>SIGTERM, the pod's grace, then the end; as a deleted pod.</summary>
    /// <returns>Its exit code and its last words.</returns>
    public async Task<(int Code, string Said)> DeleteAsync(string pod)
    {
        Say($"{pod} is deleted");
        await _engine.StopAsync(pod, _running[pod].Pod.Grace);
        return await RemoveAsync(pod);
    }

    /// <summary>A signal to its process. One that is killed starts again, as the kubelet would see to.</summary>
    public async Task SendAsync(string pod, Signal signal)
    {
        Say($"{signal} to {pod}");
        Linux.Send(await _engine.ProcessAsync(pod), signal);
    }

    public async Task StopAsync(string pod)
    {
        Say($"{pod} is stopped");
        await _engine.StopAsync(pod, _running[pod].Pod.Grace);
    }

    public async Task StartAgainAsync(string pod)
    {
        Say($"{pod} is started again");
        await _engine.StartAgainAsync(pod);
    }

    /// <summary>The last lines of what it has said.</summary>
    public async Task<string> LogAsync(string pod) => string.Join('\n', (await _engine.LogAsync(pod)).Split('\n').TakeLast(60));

    /// <summary>What `inspection status` prints when it is asked in this pod.</summary>
    public Task<string> AskedAsync(string pod) => _engine.AskAsync(pod, "/app/inspection", "status", "--config", "/config/node.yaml");

    public Task ReadyAsync(string pod) => Waiting.UntilAsync(
        () => Status.PageAsync(HttpOf(pod), "health/ready"),
        p => p.Code == 200,
        $"{pod} to be ready",
        Explain);

    /// <summary>The first of these nodes that answers says how the plant is.</summary>
    public async Task<Status?> StatusAsync(string of = "")
    {
        foreach (var pod in Members.Where(p => p.StartsWith(of, StringComparison.Ordinal)).Order())
        {
            if (await Status.OfAsync(HttpOf(pod)) is { } status)
            {
                return status;
            }
        }

        return null;
    }

    public async Task<Status> UntilAsync(Func<Status, bool> wanted, string what, string of = "") =>
        (await Waiting.UntilAsync(() => StatusAsync(of), s => s is not null && wanted(s), what, Explain))!;

    /// <summary>Every line decides so many parts more.</summary>
    public async Task<Status> DecidesAsync(int parts)
    {
        var before = await UntilAsync(s => s.Lines.All(l => l.Answers), "all lines to answer");
        return await UntilAsync(s => s.Lines.All(l => l.Answers && l.Decided >= before.Line(l.Line).Decided + parts), $"{parts} more decided parts on each line");
    }

    public Task<JournalCheck> JournalAsync() => JournalCheck.ReadAsync($"{_secrets[("inspection-journal", "postgres")].Replace("Host=postgres", $"Host={_running[Database].Address}", StringComparison.Ordinal)}");

    /// <summary>What happened, and the last words of every pod.</summary>
    public string Explain()
    {
        var text = new StringBuilder(string.Join('\n', _told)).Append('\n');
        foreach (var pod in _running.Keys)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"=== {pod}\n{LogAsync(pod).GetAwaiter().GetResult()}\n");
        }

        return text.ToString();
    }

    private void Say(string what) => _told.Add(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {what}"));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _scratch.Dispose();
    }

    private async Task RunAsync(Pod pod, string? image, bool restarts)
    {
        var address = _engine.NextAddress();
        var own = pod.Container.Name == Workload.ContainerName ? image ?? pod.Container.Image : Images.Postgres;
        var run = new PodRun(pod, own, address, pod.Environment(address, _secrets), [.. pod.Container.VolumeMounts.Select(m => MountOf(pod, m))], restarts);
        await _engine.StartAsync(run);
        _running[pod.Name] = run;
        Say($"{pod.Name} starts at {address}");
    }

    /// <summary>Of one that has ended: its exit code and its last words.</summary>
    private async Task<(int Code, string Said)> RemoveAsync(string pod)
    {
        var ended = (await _engine.CodeAsync(pod), await LogAsync(pod));
        await _engine.RemoveAsync(pod);
        _ = _running.Remove(pod);
        return ended;
    }

    private Workload WorkloadOf(string name) => _manifests.Workloads.Single(w => w.Name == name);

    private PodMount MountOf(Pod pod, V1VolumeMount mount)
    {
        var volume = pod.Template.Spec.Volumes?.FirstOrDefault(v => v.Name == mount.Name);
        var readOnly = mount.ReadOnlyProperty == true || volume?.PersistentVolumeClaim?.ReadOnlyProperty == true;
        return new(FolderOf(pod, volume, mount), mount.MountPath, readOnly);
    }

    private string FolderOf(Pod pod, V1Volume? volume, V1VolumeMount mount) => volume switch
    {
        { ConfigMap: { } config } => ConfigFolder(config),
        { PersistentVolumeClaim: { } claim } => Claim(claim.ClaimName),
        _ => Folder($"pods/{pod.Name}/{mount.Name}"), // an emptyDir, or a claim of a StatefulSet's template
    };

    private string ConfigFolder(V1ConfigMapVolumeSource source)
    {
        var map = _manifests.Find<V1ConfigMap>(source.Name)!;
        foreach (var (key, path) in source.Items is { Count: > 0 } items ? items.Select(i => (i.Key, i.Path)) : map.Data.Keys.Select(k => (k, k)))
        {
            _ = _scratch.File($"config/{source.Name}/{path}", map.Data[key]);
        }

        return _scratch[$"config/{source.Name}"];
    }

    private string Folder(string relative)
    {
        var folder = Directory.CreateDirectory(_scratch[relative]).FullName;
        File.SetUnixFileMode(folder, Everybody);
        return folder;
    }
}
