using System.Diagnostics;
using System.Text;

namespace Inspection.Tests.Support;

/// <summary>How a process ended and what it said.</summary>
public sealed record Ended(string Command, int Code, string Out, string Error)
{
    public Ended Expect(int code)
    {
        Assert.True(Code == code, $"expected exit code {code}: {this}");
        return this;
    }

    /// <summary>That standard error says each of these.</summary>
    public Ended Says(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            Assert.True(Error.Contains(word, StringComparison.OrdinalIgnoreCase), $"standard error should say '{word}': {this}");
        }

        Assert.False(Error.Contains("   at ", StringComparison.Ordinal), $"a message for people, not a stack trace: {this}");
        return this;
    }

    public override string ToString() => $"`{Command}` ended with {Code}\n--- standard output\n{Out}\n--- standard error\n{Error}";
}

/// <summary>One running `inspection`, its output collected. Killed at disposal where it still runs.</summary>
public sealed class InspectionProcess : IDisposable
{
    /// <summary>Generous: a loaded machine is slow, a hanging process is found all the same.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    private readonly Process _process;
    private readonly string _command;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private InspectionProcess(Process process, string command)
    {
        (_process, _command) = (process, command);
        process.OutputDataReceived += (_, e) => Collect(_out, e.Data);
        process.ErrorDataReceived += (_, e) => Collect(_error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Out => Read(_out);

    public string Error => Read(_error);

    public static InspectionProcess Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Besides this process's own.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="program">Another program than the repository's `inspection`, or another build of it.</param>
    public static InspectionProcess Start(IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments, string? program = null)
    {
        var info = new ProcessStartInfo(program ?? Repository.Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return new InspectionProcess(Process.Start(info)!, $"{Path.GetFileName(info.FileName)} {string.Join(' ', info.ArgumentList)}");
    }

    public static async Task<Ended> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    public void Send(Signal signal) => Linux.Send(Id, signal);

    public async Task<Ended> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"`{_command}` still runs after {Deadline.TotalMinutes} min\n--- standard output\n{Out}\n--- standard error\n{Error}");
        }

        return new Ended(_command, _process.ExitCode, Out, Error);
    }

    /// <summary>Until the condition holds; fails at once where the process ends first, printing what was seen last.</summary>
    public async Task<T> UntilAsync<T>(Func<T> look, Func<T, bool> wanted, string what)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var ended = _process.HasExited;
            var seen = look();
            if (wanted(seen))
            {
                return seen;
            }

            Assert.False(ended, $"`{_command}` ended before {what}; last seen: {seen}\n--- standard output\n{Out}\n--- standard error\n{Error}");
            Assert.True(clock.Elapsed < Deadline, $"waited {Deadline.TotalMinutes} min for {what}; last seen: {seen}\n--- standard error\n{Error}");
            _ = await timer.WaitForNextTickAsync();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Collect(StringBuilder to, string? line)
    {
        lock (to)
        {
            _ = line is null ? to : to.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
    }
}
