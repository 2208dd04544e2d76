using System.Globalization;

namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>
/// The same processes with the same arguments, environment, mounts, user, read-only root and dropped rights, without containers: each in a network
/// namespace with a root of its own (pod.sh). The files are the image's own publish on this machine's libraries; names come from one hosts file.
/// There is no seccomp filter and no process namespace. Needs root, iproute2 and util-linux.
/// </summary>
internal sealed class NamespaceEngine : IPodEngine
{
    private static readonly string Postgres = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();

    private readonly Network _network = new(0);
    private readonly Scratch _scratch = new();
    private readonly string _files;
    private readonly string _passwd;
    private readonly Dictionary<string, int> _places = [];
    private readonly Dictionary<string, NamespacePod> _pods = [];

    private NamespaceEngine(string files)
    {
        _files = files;
        _passwd = _scratch.File("passwd", File.ReadAllText("/etc/passwd") + "pod-999:x:999:999::/:/bin/false\npod-10001:x:10001:10001::/:/bin/false\n");
        _ = _scratch.File("hosts", "127.0.0.1 localhost\n");
        File.SetUnixFileMode(_scratch.Root, File.GetUnixFileMode(_scratch.Root) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    public static string SearchPath { get; } = $"{Postgres}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static async Task<IPodEngine> MakeAsync() => new NamespaceEngine(await Images.FilesAsync());

    public string NextAddress()
    {
        var place = _network.Add();
        _places[Network.Address(place)] = place;
        return Network.Address(place);
    }

    public Task StartAsync(PodRun run)
    {
        var (pod, database) = (run.Pod, run.Image == Images.Postgres);
        PodMount program = database ? new(Path.Combine(Images.PostgresFiles, "entrypoint.sh"), "/entrypoint.sh", ReadOnly: true) : new(_files, "/app", ReadOnly: true);
        string[] entered = pod.Container.Command is { Count: > 0 } command ? [.. command] : database ? ["/bin/sh", "/entrypoint.sh"] : ["/app/inspection"];
        var root = Directory.CreateDirectory(_scratch[$"{run.Name}/root"]).FullName;
        string[] all =
        [
            "ip", "netns", "exec", Network.Namespace(_places[run.Address]), "unshare", "--uts", "--ipc", Path.Combine(Repository.Root, "tests", "Kubernetes", "Containers", "Engines", "pod.sh"),
            root, LogFile(run.Name), run.Name, Word(pod.User), Word(pod.Group), Word(pod.VolumeGroup), _scratch["hosts"], _passwd,
            .. run.Mounts.Append(program).SelectMany(m => new[] { m.Folder, m.Path, m.ReadOnly ? "ro" : "rw" }),
            "--", .. entered, .. pod.Container.Args,
        ];
        var running = new NamespacePod(run, all, database ? Signal.Int : Signal.Term);
        _pods[run.Name] = running;
        WriteHosts();
        running.Start();
        return Task.CompletedTask;
    }

    public Task EndedAsync(string pod, Func<string> explain) => Waiting.UntilAsync(() => Task.FromResult(_pods[pod].Ended.IsCompleted), e => e, $"{pod} to end", explain);

    public Task StopAsync(string pod, TimeSpan grace) => _pods[pod].StopAsync(grace);

    public Task StartAgainAsync(string pod)
    {
        _pods[pod].Start();
        return Task.CompletedTask;
    }

    public Task<int> ProcessAsync(string pod) => Task.FromResult(_pods[pod].Process);

    public async Task<string> AskAsync(string pod, params string[] arguments)
    {
        var run = _pods[pod].Run;
        using var process = InspectionProcess.Start(run.Environment, ["--target", Word(_pods[pod].Process), "--net", "--mount", "--uts", "--root", "--setuid", Word(run.Pod.User), "--setgid", Word(run.Pod.Group), .. arguments], "nsenter");
        var ended = await process.EndAsync();
        return ended.Out + ended.Error;
    }

    public async Task<string> LogAsync(string pod) => File.Exists(LogFile(pod)) ? await File.ReadAllTextAsync(LogFile(pod)) : "";

    public Task<string> ImageOfAsync(string pod) => Task.FromResult(_pods[pod].Run.Image);

    public Task<int> CodeAsync(string pod) => _pods[pod].Ended;

    public async Task RemoveAsync(string pod)
    {
        await _pods[pod].KillAsync();
        _ = _pods.Remove(pod);
        File.Delete(LogFile(pod));
        WriteHosts();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods.Values)
        {
            await pod.KillAsync();
        }

        _network.Dispose();
        _scratch.Dispose();
    }

    private static string Word(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string LogFile(string pod) => _scratch[$"{pod}/log"];

    /// <summary>In place: each pod has this very file at its /etc/hosts.</summary>
    private void WriteHosts()
    {
        var names = string.Concat(_pods.Values.Select(p => $"{p.Run.Address} {string.Join(' ', p.Run.Pod.Names.Append(p.Run.Name).Distinct())}\n"));
        File.WriteAllText(_scratch["hosts"], $"127.0.0.1 localhost\n{names}");
    }
}
