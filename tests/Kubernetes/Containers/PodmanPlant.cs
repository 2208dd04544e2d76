using System.Globalization;
using System.Net;
using System.Text;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>The pods of one rendered overlay, run by podman on a network of their own; the part of Kubernetes' controllers is the test's.</summary>
internal sealed class PodmanPlant : IAsyncDisposable
{
    /// <summary>The pod of the journal's database.</summary>
    public const string Database = "postgres-0";

    private const UnixFileMode Everybody = (UnixFileMode)0b010_111_111_111; // with the group's own bit: as fsGroup gives a volume

    private readonly Scratch _scratch = new();
    private readonly string _network = $"inspection-{Guid.NewGuid():N}"[..20];
    private readonly Dictionary<string, (Pod Pod, string Address)> _running = [];
    private readonly Dictionary<(string Name, string Key), string> _secrets;
    private readonly Manifests _manifests;
    private readonly List<string> _told = [];
    private IPAddress _nextAddress = IPAddress.None;

    private PodmanPlant(Manifests manifests, Dictionary<(string, string), string> secrets) => (_manifests, _secrets) = (manifests, secrets);

    public IReadOnlyCollection<string> Running => _running.Keys;

    /// <summary>Running pods of the program: all but <see cref="Database"/>.</summary>
    public IEnumerable<string> Members => _running.Keys.Where(p => p != Database);

    /// <summary>The image of pods that start from now on; null: the manifest's.</summary>
    public string? Image { get; set; }

    public static async Task<PodmanPlant> MakeAsync(Manifests manifests, Dictionary<(string Name, string Key), string> secrets)
    {
        var plant = new PodmanPlant(manifests, secrets);
        File.SetUnixFileMode(plant._scratch.Root, Everybody);
        await RemoveLeftOversAsync();
        _ = await Podman.RunAsync("network", "create", plant._network);
        var subnet = await Podman.RunAsync("network", "inspect", plant._network, "--format", "{{range .Subnets}}{{.Subnet}}{{end}}");
        plant._nextAddress = IPAddress.Parse(subnet.Split('/')[0]);
        plant.Skip(10);
        return plant;
    }

    /// <summary>The folder of the host that stands for a claim.</summary>
    public string Claim(string name) => Folder($"claims/{name}");

    public string HttpOf(string pod) => $"{_running[pod].Address}:8558";

    public Task<string> ImageOfAsync(string pod) => Podman.RunAsync("inspect", Container(pod), "--format", "{{.ImageName}}");

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
        _ = await Waiting.UntilAsync(() => Podman.RunAsync("inspect", Container(pod), "--format", "{{.State.Status}}"), s => s == "exited", $"{pod} to end", Explain);
        return await RemoveAsync(pod);
    }

    /// <summary>Runs a Job's pod to its end.</summary>
    public async Task<string> RunJobAsync(string name)
    {
        await RunAsync(new Pod(name, WorkloadOf(name).Template, []), Image, restarts: false);
        _ = await Podman.RunAsync("wait", Container(name));
        var (code, said) = await RemoveAsync(name);
        Assert.True(code == 0, $"the Job {name} ended with {code}:\n{said}");
        return said;
    }

    /// <summary>SIGTERM, the pod's grace, then the end; as a deleted pod.</summary>
    /// <returns>Its exit code and its last words.</returns>
    public async Task<(int Code, string Said)> DeleteAsync(string pod)
    {
        Say($"{pod} is deleted");
        _ = await Podman.RunAsync("stop", "--time", _running[pod].Pod.Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture), Container(pod));
        return await RemoveAsync(pod);
    }

    /// <summary>A signal to its process. One that is killed podman starts again, as the kubelet would.</summary>
    public async Task SendAsync(string pod, Signal signal)
    {
        Say($"{signal} to {pod}");
        var process = await Podman.RunAsync("inspect", Container(pod), "--format", "{{.State.Pid}}");
        Linux.Send(int.Parse(process, CultureInfo.InvariantCulture), signal);
    }

    public async Task StopAsync(string pod)
    {
        Say($"{pod} is stopped");
        _ = await Podman.RunAsync("stop", Container(pod));
    }

    public async Task StartAgainAsync(string pod)
    {
        Say($"{pod} is started again");
        _ = await Podman.RunAsync("start", Container(pod));
    }

    /// <summary>The last lines of what a container has said.</summary>
    public async Task<string> LogAsync(string pod)
    {
        // podman's own --tail drops pieces of lines that were written in several
        var log = await Podman.TryAsync("logs", Container(pod));
        return string.Join('\n', (log.Out + log.Error).Split('\n').TakeLast(60));
    }

    /// <summary>What `inspection status` prints when it is asked in this pod.</summary>
    public async Task<string> AskedAsync(string pod)
    {
        var ended = await Podman.TryAsync("exec", Container(pod), "/app/inspection", "status", "--config", "/config/node.yaml");
        return ended.Out + ended.Error;
    }

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
        foreach (var pod in _running.Keys.ToList())
        {
            _ = await Podman.TryAsync("rm", "--force", "--time", "0", Container(pod));
        }

        _ = await Podman.TryAsync("network", "rm", "--force", _network);
        _scratch.Dispose();
    }

    /// <summary>Of a run of the tests that was ended from outside.</summary>
    private static async Task RemoveLeftOversAsync()
    {
        var all = await Podman.RunAsync("ps", "--all", "--filter", $"label={Pod.Owner}", "--format", $"{{{{.ID}}}} {{{{index .Labels \"{Pod.Owner}\"}}}}");
        foreach (var left in all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Where(l => !Directory.Exists($"/proc/{l[1]}")))
        {
            _ = await Podman.RunAsync("rm", "--force", "--time", "0", left[0]);
        }
    }

    private async Task RunAsync(Pod pod, string? image, bool restarts)
    {
        var address = _nextAddress.ToString();
        Skip(1);
        var own = pod.Container.Name == Workload.ContainerName ? image : Images.Postgres;
        _ = await Podman.RunAsync(pod.Arguments(Container(pod.Name), _network, address, own, (volume, mount) => FolderOf(pod, volume, mount), _secrets, restarts));
        _running[pod.Name] = (pod, address);
        Say($"{pod.Name} starts at {address}");
    }

    /// <summary>Names of containers are the whole machine's, those of pods the plant's.</summary>
    private string Container(string pod) => $"{_network}-{pod}";

    /// <summary>Of one that has ended: its exit code and its last words.</summary>
    private async Task<(int Code, string Said)> RemoveAsync(string pod)
    {
        var code = await Podman.RunAsync("inspect", Container(pod), "--format", "{{.State.ExitCode}}");
        var said = await LogAsync(pod);
        _ = await Podman.RunAsync("rm", "--force", "--time", "0", Container(pod));
        _ = _running.Remove(pod);
        return (int.Parse(code, CultureInfo.InvariantCulture), said);
    }

    private Workload WorkloadOf(string name) => _manifests.Workloads.Single(w => w.Name == name);

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

    private void Skip(int addresses)
    {
        var bytes = _nextAddress.GetAddressBytes();
        bytes[3] = checked((byte)(bytes[3] + addresses));
        _nextAddress = new IPAddress(bytes);
    }
}
