using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Inspection.Tests.Support.Cluster;

/// <summary>How a node is started: as which user, with what roles, and what its node file adds.</summary>
public sealed record NodeSpec(string Id, string Roles)
{
    /// <summary>Lines of the node file beyond id, cluster, plant, state, address and supervisors.</summary>
    public string More { get; init; } = "";

    /// <summary>Run as a user who may not read the images (where the tests are root).</summary>
    public bool Unprivileged { get; init; }

    /// <summary>The node of a <see cref="Network"/> it runs on; 0: on this machine's loopback.</summary>
    public int Place { get; init; }

    public string Host => Place == 0 ? "127.0.0.1" : Network.Address(Place);
}

/// <summary>One node of the plant as its own operating-system process, started again like a kubelet does whenever it ended and should run.</summary>
public sealed class ClusterNode(NodeSpec spec, string file, int http, Action<string> say) : IAsyncDisposable
{
    /// <summary>What reviews and erasures show to a node.</summary>
    public const string AccessKey = "the cluster's key";

    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly StringBuilder _log = new();
    private Process? _process;
    private bool _shouldRun;
    private Task _watch = Task.CompletedTask;

    public NodeSpec Spec => spec;

    public string Id => spec.Id;

    public string File => file;

    /// <summary>host:port of its pages.</summary>
    public string Http { get; } = string.Create(CultureInfo.InvariantCulture, $"{spec.Host}:{http}");

    /// <summary>How often its process was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Exit codes of its ended processes, in order.</summary>
    public List<int> Exits { get; } = [];

    /// <summary>Started and not to be left down: it runs, or will again in a moment.</summary>
    public bool ShouldRun
    {
        get
        {
            lock (_gate)
            {
                return _shouldRun;
            }
        }
    }

    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _process is { HasExited: false };
            }
        }
    }

    public int ProcessId
    {
        get
        {
            lock (_gate)
            {
                return _process?.Id ?? throw new InvalidOperationException($"node {Id} has no process");
            }
        }
    }

    /// <summary>The last of what it said on both outputs.</summary>
    public string Tail
    {
        get
        {
            lock (_log)
            {
                var text = _log.ToString();
                return text.Length > 4_000 ? text[^4_000..] : text;
            }
        }
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _shouldRun = true;
            if (_process is { HasExited: false })
            {
                return;
            }

            _process = Launch();
            Starts++;
            say($"node {Id} ({spec.Roles}) runs as process {_process.Id}");
            if (_watch.IsCompleted)
            {
                _watch = WatchAsync();
            }
        }
    }

    /// <summary>From now on it stays down once it ends.</summary>
    public void LeaveDown()
    {
        lock (_gate)
        {
            _shouldRun = false;
        }
    }

    public void Send(Signal signal)
    {
        var id = ProcessId;
        say($"{signal} to node {Id}, process {id}");
        Linux.Send(id, signal);
    }

    /// <summary>Waits until the process that runs now has ended; its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        Process? process;
        lock (_gate)
        {
            process = _process;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process!.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"node {Id} (process {process!.Id}) still runs after 3 min\n{Tail}");
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        LeaveDown();
        lock (_gate)
        {
            if (_process is { HasExited: false })
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _watch;
        _process?.Dispose();
    }

    private Process Launch()
    {
        string[] command = [Repository.Executable, "node", "--config", file, "--roles", spec.Roles];
        if (spec.Unprivileged && Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. command];
        }

        if (spec.Place > 0)
        {
            command = ["ip", "netns", "exec", Network.Namespace(spec.Place), .. command];
        }

        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["INSPECTION_ACCESS_KEY"] = AccessKey;
        var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _ = process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WatchAsync()
    {
        using var pause = new PeriodicTimer(RestartAfter);
        while (true)
        {
            Process process;
            lock (_gate)
            {
                process = _process!;
            }

            await process.WaitForExitAsync();
            Exits.Add(process.ExitCode);
            Keep($"--- process {process.Id} ended with {process.ExitCode}");
            say($"node {Id}, process {process.Id}, ended with {process.ExitCode}");
            _ = await pause.WaitForNextTickAsync();
            lock (_gate)
            {
                if (!ReferenceEquals(_process, process))
                {
                    continue; // it was left down and started again meanwhile: a second process would fight the first for its ports
                }

                if (!_shouldRun)
                {
                    return;
                }

                _process = Launch();
                Starts++;
                say($"node {Id} runs again as process {_process.Id}");
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _ = _log.Append(line).Append('\n');
            }
        }
    }
}
