using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Inspection.Tests.Support;

/// <summary>Signals as this machine numbers them (Linux).</summary>
internal enum PosixSignal
{
    Interrupt = 2,
    Kill = 9,
    Continue = 18,
    Stop = 19,
}

/// <summary>PostgreSQL's programs, run as a user that may run them.</summary>
internal sealed class PostgresTools
{
    private const string Versions = "/usr/lib/postgresql";
    private const string DebianUser = "postgres";

    private readonly string _folder;
    private readonly bool _isRoot = geteuid() == 0;

    private PostgresTools(string folder) => _folder = folder;

    /// <summary>The newest version installed, or what PATH names.</summary>
    public static PostgresTools Find()
    {
        var installed = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions).Where(v => int.TryParse(Path.GetFileName(v), out _)).OrderByDescending(v => int.Parse(Path.GetFileName(v), CultureInfo.InvariantCulture)).Select(v => Path.Combine(v, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return installed.Concat(onPath).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb"))) is { } folder
            ? new PostgresTools(folder)
            : throw new InvalidOperationException("PostgreSQL is not installed (no initdb): ./dev test installs it, or by hand: apt-get install postgresql");
    }

    /// <summary>Gives the folder to the user that the server runs as.</summary>
    public async Task OwnAsync(string folder)
    {
        if (_isRoot)
        {
            _ = await FinishAsync(Launch("chown", ["-R", DebianUser, folder]), "chown");
        }
    }

    public Process Start(string program, params string[] arguments)
    {
        var path = Path.Combine(_folder, program);
        return _isRoot
            ? Launch("setpriv", [$"--reuid={DebianUser}", $"--regid={DebianUser}", "--clear-groups", path, .. arguments])
            : Launch(path, arguments);
    }

    public async Task<string> RunAsync(string program, params string[] arguments) => await FinishAsync(Start(program, arguments), program);

    /// <summary>Null where it went well, otherwise what it said.</summary>
    public async Task<string?> TryRunAsync(string program, params string[] arguments)
    {
        try
        {
            _ = await RunAsync(program, arguments);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    public static void Signal(int process, PosixSignal signal) => Check(kill(process, (int)signal), $"kill({process}, {signal})");

    /// <summary>To the server and to the processes it started, one a session.</summary>
    public static void SignalGroup(int server, PosixSignal signal)
    {
        foreach (var process in new[] { server }.Concat(Children(server)))
        {
            // a session may have ended by itself since it was listed
            _ = kill(process, (int)signal);
        }
    }

    private static IEnumerable<int> Children(int parent)
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            var stat = Path.Combine(folder, "stat");
            if (File.Exists(stat) && ParentOf(stat) == parent)
            {
                yield return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
        }
    }

    private static int ParentOf(string stat)
    {
        try
        {
            var text = File.ReadAllText(stat);
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1; // it ended meanwhile
        }
    }

    private static Process Launch(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task<string> FinishAsync(Process process, string program)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? (await output).TrimEnd()
                : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}{await output}");
        }
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [DllImport("libc")]
    private static extern int geteuid();
}
