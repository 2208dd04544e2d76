using System.Diagnostics;
using System.Globalization;
using System.Text;
using Inspection.Tests.Support.Cluster;

namespace Inspection.Tests.Support;

/// <summary>A real mosquitto of this test's own, on a free port of loopback; it can be frozen, killed and started again at the same port.</summary>
public sealed class MqttBroker : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private const string PasswordProgram = "/usr/bin/mosquitto_passwd";

    private readonly Scratch _scratch = new();
    private readonly StringBuilder _log = new();
    private readonly string _config;
    private Process? _broker;

    private MqttBroker(string? user, string? password)
    {
        Assert.True(File.Exists(Program), $"{Program} is missing: apt-get install mosquitto");
        Port = Ports.Free();
        var access = "allow_anonymous true";
        if (user is not null)
        {
            using var hash = Process.Start(PasswordProgram, ["-b", "-c", _scratch["users"], user, password!]);
            hash.WaitForExit();
            Assert.Equal(0, hash.ExitCode);
            access = $"allow_anonymous false\npassword_file {_scratch["users"]}";
        }

        _config = _scratch.File("mosquitto.conf", string.Create(CultureInfo.InvariantCulture, $"listener {Port} 127.0.0.1\n{access}\nuser root\npersistence false\nlog_dest stderr\n"));
    }

    public int Port { get; }

    /// <summary>What it has said, for messages of tests that fail.</summary>
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

    /// <param name="user">Null: anybody may connect.</param>
    public static MqttBroker Start(string? user = null, string? password = null)
    {
        var broker = new MqttBroker(user, password);
        broker.StartAgain();
        return broker;
    }

    /// <summary>Clients try until it listens.</summary>
    public void StartAgain()
    {
        _broker?.Dispose();
        _broker = Process.Start(new ProcessStartInfo(Program, ["-c", _config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _broker.OutputDataReceived += (_, e) => Append(e.Data);
        _broker.ErrorDataReceived += (_, e) => Append(e.Data);
        _broker.BeginOutputReadLine();
        _broker.BeginErrorReadLine();
    }

    /// <summary>It keeps its connections and answers nothing, as a machine that hangs.</summary>
    public void Freeze() => Linux.Send(_broker!.Id, Signal.Stop);

    public void Thaw() => Linux.Send(_broker!.Id, Signal.Cont);

    public void Kill()
    {
        _broker!.Kill();
        _broker.WaitForExit();
    }

    public void Dispose()
    {
        if (_broker is { HasExited: false })
        {
            Kill();
        }

        _broker?.Dispose();
        _scratch.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _ = _log.AppendLine(line);
        }
    }
}
