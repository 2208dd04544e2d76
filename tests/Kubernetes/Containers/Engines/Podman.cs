using System.ComponentModel;
using System.Diagnostics;

namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>The container engine of the tests, as root.</summary>
internal static class Podman
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>What it prints on standard output, without the last line's end.</summary>
    /// <exception cref="InvalidOperationException">It failed: its own words.</exception>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments) => await RunToolAsync("podman", arguments);

    /// <summary>Another program with podman's settings, such as ./dev image.</summary>
    public static async Task<string> RunToolAsync(string program, IEnumerable<string> arguments)
    {
        var ended = await TryAsync(program, arguments);
        return ended.Code == 0 ? ended.Out.TrimEnd() : throw new InvalidOperationException(ended.ToString());
    }

    public static Task<Ended> TryAsync(params IEnumerable<string> arguments) => TryAsync("podman", arguments);

    private static async Task<Ended> TryAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONTAINERS_CONF"] = Path.Combine(Repository.Root, "tests", "Kubernetes", "Containers", "containers.conf");
        using var process = Start(start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return new Ended($"{program} {string.Join(' ', start.ArgumentList)}", process.ExitCode, await output, await error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} can't be started ({e.Message}): these tests run real containers; `./dev test` installs podman as root", e);
        }
    }
}
