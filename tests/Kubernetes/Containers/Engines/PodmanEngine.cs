using System.Globalization;
using System.Net;

namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>Containers of podman, on a bridge network with its DNS.</summary>
internal sealed class PodmanEngine : IPodEngine
{
    /// <summary>The label that names the process a container belongs to.</summary>
    private const string Owner = "inspection-test";

    private readonly string _network = $"inspection-{Guid.NewGuid():N}"[..20];
    private readonly HashSet<string> _pods = [];
    private IPAddress _nextAddress = IPAddress.None;

    private PodmanEngine()
    {
    }

    public static async Task<IPodEngine> MakeAsync()
    {
        var engine = new PodmanEngine();
        await RemoveLeftOversAsync();
        _ = await Podman.RunAsync("network", "create", engine._network);
        var subnet = await Podman.RunAsync("network", "inspect", engine._network, "--format", "{{range .Subnets}}{{.Subnet}}{{end}}");
        engine._nextAddress = IPAddress.Parse(subnet.Split('/')[0]);
        engine.Skip(10);
        return engine;
    }

    public string NextAddress()
    {
        var address = _nextAddress.ToString();
        Skip(1);
        return address;
    }

    public async Task StartAsync(PodRun run)
    {
        _ = await Podman.RunAsync(Arguments(run));
        _ = _pods.Add(run.Name);
    }

    public Task EndedAsync(string pod, Func<string> explain) =>
        Waiting.UntilAsync(() => InspectAsync(pod, "{{.State.Status}}"), s => s == "exited", $"{pod} to end", explain);

    public Task StopAsync(string pod, TimeSpan grace) => Podman.RunAsync("stop", "--time", grace.TotalSeconds.ToString(CultureInfo.InvariantCulture), Container(pod));

    public Task StartAgainAsync(string pod) => Podman.RunAsync("start", Container(pod));

    public async Task<int> ProcessAsync(string pod) => int.Parse(await InspectAsync(pod, "{{.State.Pid}}"), CultureInfo.InvariantCulture);

    public async Task<string> AskAsync(string pod, params string[] arguments)
    {
        var ended = await Podman.TryAsync(["exec", Container(pod), .. arguments]);
        return ended.Out + ended.Error;
    }

    public async Task<string> LogAsync(string pod)
    {
        // podman's own --tail drops pieces of lines that were written in several
        var log = await Podman.TryAsync("logs", Container(pod));
        return log.Out + log.Error;
    }

    public Task<string> ImageOfAsync(string pod) => InspectAsync(pod, "{{.ImageName}}");

    public async Task<int> CodeAsync(string pod) => int.Parse(await InspectAsync(pod, "{{.State.ExitCode}}"), CultureInfo.InvariantCulture);

    public async Task RemoveAsync(string pod)
    {
        _ = await Podman.RunAsync("rm", "--force", "--time", "0", Container(pod));
        _ = _pods.Remove(pod);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods)
        {
            _ = await Podman.TryAsync("rm", "--force", "--time", "0", Container(pod));
        }

        _ = await Podman.TryAsync("network", "rm", "--force", _network);
    }

    /// <summary>Of a run of the tests that was ended from outside.</summary>
    private static async Task RemoveLeftOversAsync()
    {
        var all = await Podman.RunAsync("ps", "--all", "--filter", $"label={Owner}", "--format", $"{{{{.ID}}}} {{{{index .Labels \"{Owner}\"}}}}");
        foreach (var left in all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Where(l => !Directory.Exists($"/proc/{l[1]}")))
        {
            _ = await Podman.RunAsync("rm", "--force", "--time", "0", left[0]);
        }
    }

    private List<string> Arguments(PodRun run)
    {
        var (pod, own) = (run.Pod, run.Pod.Container.SecurityContext);
        var command = pod.Container.Command ?? [];
        List<string> arguments =
        [
            "run", "--detach", "--name", Container(run.Name), "--label", $"{Owner}={Environment.ProcessId}", "--hostname", run.Name,
            "--network", _network, "--ip", run.Address, "--mac-address", Hardware(run.Address), "--restart", run.Restarts ? "always" : "no",
            "--user", $"{pod.User}:{pod.Group}", "--group-add", $"{pod.VolumeGroup}",
            .. pod.Names.SelectMany(n => new[] { "--network-alias", n }),
            .. own.Capabilities.Drop.SelectMany(c => new[] { "--cap-drop", c.ToLowerInvariant() }),
            .. run.Environment.SelectMany(v => new[] { "--env", $"{v.Key}={v.Value}" }),
            .. run.Mounts.SelectMany(m => new[] { "--volume", $"{m.Folder}:{m.Path}:{(m.ReadOnly ? "ro" : "rw")}" }),
        ];
        if (own.ReadOnlyRootFilesystem == true)
        {
            arguments.AddRange(["--read-only", "--read-only-tmpfs=false"]);
        }

        if (own.AllowPrivilegeEscalation == false)
        {
            arguments.AddRange(["--security-opt", "no-new-privileges"]);
        }

        if (command.Count > 0)
        {
            arguments.AddRange(["--entrypoint", command[0]]);
        }

        return [.. arguments, run.Image, .. command.Skip(1), .. pod.Container.Args];
    }

    /// <summary>One that stays while the container is stopped and started, as a pod keeps its network: else its neighbours' ARP tables lead astray for seconds.</summary>
    private static string Hardware(string address) => "02:00:" + string.Join(':', address.Split('.').Select(b => byte.Parse(b, CultureInfo.InvariantCulture).ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>Names of containers are the whole machine's, those of pods the plant's.</summary>
    private string Container(string pod) => $"{_network}-{pod}";

    private Task<string> InspectAsync(string pod, string format) => Podman.RunAsync("inspect", Container(pod), "--format", format);

    private void Skip(int addresses)
    {
        var bytes = _nextAddress.GetAddressBytes();
        bytes[3] = checked((byte)(bytes[3] + addresses));
        _nextAddress = new IPAddress(bytes);
    }
}
