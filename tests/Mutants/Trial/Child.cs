using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Inspection.Mutants.Tests.Trial;

/// <summary>
/// The runner as a process of its own, in a folder of its own where the core's assembly is another one: what loops for ever can be ended there,
/// and what dies is another process. It is given a fixed heap: a loop that fills memory ends by itself.
/// </summary>
internal static class Child
{
    /// <summary>CPU time of one seed; one takes some milliseconds. CPU, not wall clock: a loaded machine is slow and hangs nothing.</summary>
    private static readonly TimeSpan LongestSeed = TimeSpan.FromSeconds(20);

    /// <summary>Without any progress, whatever the CPU does.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(4);

    private const string HeapBytes = "0x20000000";

    /// <param name="file">The assembly of the runner's that is another one there.</param>
    /// <param name="assembly">What it is.</param>
    /// <param name="seeds">From 1 on.</param>
    /// <param name="longestSeed">CPU time after which a seed does not end; null: <see cref="LongestSeed"/>.</param>
    public static async Task<Outcome> RunAsync(string file, byte[] assembly, int seeds, TimeSpan? longestSeed = null)
    {
        var folder = Directory.CreateTempSubdirectory("inspection-mutant-");
        try
        {
            foreach (var copied in Directory.EnumerateFiles(Places.RunnerFolder).Where(f => Path.GetExtension(f) is ".dll" or ".json" && Path.GetFileName(f) != file))
            {
                File.Copy(copied, Path.Combine(folder.FullName, Path.GetFileName(copied)));
            }

            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, file), assembly);
            return await RunAsync(folder.FullName, seeds, longestSeed ?? LongestSeed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Outcome> RunAsync(string folder, int seeds, TimeSpan longestSeed)
    {
        string[] arguments = ["exec", Path.Combine(folder, Places.RunnerFile), "1", seeds.ToString(CultureInfo.InvariantCulture)];
        var info = new ProcessStartInfo(Places.DotNet, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        info.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes;
        using var process = Process.Start(info)!;
        var said = new Said();
        process.OutputDataReceived += (_, e) => said.Hear(e.Data);
        process.ErrorDataReceived += (_, e) => said.HearError(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var hangs = !await EndsAsync(process, said, longestSeed);
        return hangs ? new Outcome(Ending.Hang, said.Seeds, "the seed does not end")
            : said.Violation is { } violation ? new Outcome(Ending.Violation, said.Seeds, violation)
            : process.ExitCode == 0 && said.Seeds == seeds ? new Outcome(Ending.Clean, seeds, $"nothing broke in {seeds} seeds")
            : new Outcome(Ending.Crash, said.Seeds, $"exit code {process.ExitCode}: {said.Error}");
    }

    /// <summary>False, and it is ended, where it makes no progress.</summary>
    private static async Task<bool> EndsAsync(Process process, Said said, TimeSpan longestSeed)
    {
        var ends = process.WaitForExitAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var (seed, cpu, clock) = (0, TimeSpan.Zero, Stopwatch.StartNew());
        for (var tick = timer.WaitForNextTickAsync().AsTask(); await Task.WhenAny(ends, tick) != ends; tick = timer.WaitForNextTickAsync().AsTask())
        {
            if (CpuOf(process) is not { } used)
            {
                break;
            }

            if (said.Seeds != seed)
            {
                (seed, cpu) = (said.Seeds, used);
                clock.Restart();
            }
            else if (used - cpu > longestSeed || clock.Elapsed > LongestSilence)
            {
                process.Kill();
                await ends;
                return false;
            }
        }

        await ends; // and all of its output was read
        return true;
    }

    /// <summary>Null: it has just ended.</summary>
    private static TimeSpan? CpuOf(Process process)
    {
        try
        {
            return process.HasExited ? null : process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception) // between the two questions
        {
            return null;
        }
    }

    /// <summary>What the process said so far; two threads write it, a third reads.</summary>
    private sealed class Said
    {
        private readonly StringBuilder _error = new();
        private int _seeds;
        private string? _violation;

        public int Seeds => Volatile.Read(ref _seeds);

        public string? Violation => Volatile.Read(ref _violation);

        public string Error
        {
            get
            {
                lock (_error)
                {
                    return _error.ToString();
                }
            }
        }

        public void Hear(string? line)
        {
            if (line?.StartsWith("seed ", StringComparison.Ordinal) == true)
            {
                _ = Interlocked.Increment(ref _seeds);
            }
            else if (line?.StartsWith("violation ", StringComparison.Ordinal) == true)
            {
                Volatile.Write(ref _violation, line["violation ".Length..]);
            }
        }

        /// <summary>The first lines say what happened; a stack that overflowed is thousands of lines long.</summary>
        public void HearError(string? line)
        {
            lock (_error)
            {
                _ = line is { Length: > 0 } && _error.Length < 400 ? _error.Append(line.Trim()).Append(' ') : _error;
            }
        }
    }
}
