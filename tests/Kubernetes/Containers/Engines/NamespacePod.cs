using System.Diagnostics;

namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>One pod's process in a network namespace, started again when it ends where its pod is to be.</summary>
/// <param name="run">What runs.</param>
/// <param name="command">The program that starts it and becomes it, with its arguments.</param>
/// <param name="stop">The signal that ends it politely.</param>
internal sealed class NamespacePod(PodRun run, IReadOnlyList<string> command, Signal stop)
{
    private Process _process = null!;
    private Task<int> _ended = null!;
    private volatile bool _wanted;

    public PodRun Run => run;

    public int Process => _process.Id;

    /// <summary>Its exit code, once it has ended for good.</summary>
    public Task<int> Ended => _ended;

    public void Start()
    {
        _wanted = run.Restarts;
        _process = Begin();
        _ended = KeepAsync();
    }

    public async Task StopAsync(TimeSpan grace)
    {
        _wanted = false;
        Send(stop);
        using var end = new CancellationTokenSource(grace);
        try
        {
            _ = await _ended.WaitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public Task KillAsync()
    {
        _wanted = false;
        Send(Signal.Kill);
        return _ended;
    }

    private void Send(Signal signal)
    {
        if (!_process.HasExited)
        {
            Linux.Send(_process.Id, signal);
        }
    }

    private async Task<int> KeepAsync()
    {
        while (true)
        {
            await _process.WaitForExitAsync();
            if (!_wanted)
            {
                return _process.ExitCode;
            }

            _process.Dispose();
            _process = Begin();
        }
    }

    private Process Begin()
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        start.Environment.Clear();
        foreach (var (name, value) in run.Environment.Prepend(new("PATH", NamespaceEngine.SearchPath)))
        {
            start.Environment[name] = value;
        }

        return System.Diagnostics.Process.Start(start)!;
    }
}
