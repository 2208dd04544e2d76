using System.Diagnostics;
using System.Globalization;
using Inspection.Tests.Support.Cluster;

namespace Inspection.Tests.Support;

/// <summary>
/// A real PostgreSQL server of this test's own: its data in a temporary folder, its port free and on loopback, its socket inside the
/// folder. It can be stopped, killed and started again at the same port. As root it runs as the user that Debian's package makes,
/// because PostgreSQL refuses to run as root.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "inspection";
    public const string Password = "secret of a test";
    public const string Database = "plant";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder;
    private readonly PostgresTools _tools;
    private Process? _server;

    private PostgresServer(DirectoryInfo folder, PostgresTools tools, int port)
    {
        _folder = folder;
        _tools = tools;
        Port = port;
    }

    /// <summary>On 127.0.0.1; the same after every start.</summary>
    public int Port { get; }

    public bool IsRunning => _server is { HasExited: false };

    /// <summary>What the server has said, for messages of tests that fail.</summary>
    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "no log";

    private string Data => Path.Combine(_folder.FullName, "data");

    private string LogPath => Path.Combine(_folder.FullName, "server.log");

    /// <summary>As <see cref="User"/>, who owns the server.</summary>
    public string ConnectionString(string database = Database, string user = User, string password = Password) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={user};Password={password};Database={database}");

    /// <summary>A server that takes connections, with an empty database <see cref="Database"/>.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is missing or does not start; the message holds its log.</exception>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("inspection-postgres-");
        var server = new PostgresServer(folder, PostgresTools.Find(), Ports.Free());
        try
        {
            await server.InitializeAsync(settings);
            await server.StartAgainAsync();
            _ = await server.NewDatabaseAsync(Database);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts at the same port with the same data, and returns when it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("the server is running");
        }

        var clock = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (_server is null or { HasExited: true })
            {
                // after a kill its children hold the shared memory a little longer: tried again until they are gone
                _server?.Dispose();
                _server = _tools.Start("postgres", "-D", Data);
                Follow(_server);
            }

            if (await _tools.TryRunAsync("pg_isready", "-q", "-h", "127.0.0.1", "-p", Text(Port)) is null)
            {
                return;
            }

            if (clock.Elapsed > StartDeadline)
            {
                throw new InvalidOperationException($"PostgreSQL did not start within {StartDeadline.TotalSeconds:0} s:\n{Log}");
            }

            _ = await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Lines of postgresql.conf, such as "fsync = off"; the last of a name counts, from the next start on.</summary>
    public Task SetAsync(params string[] settings) => File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), settings);

    /// <summary>Lets a subnet in, with a password; from the next start on, or now.</summary>
    public async Task AllowAsync(string subnet)
    {
        await File.AppendAllTextAsync(Path.Combine(Data, "pg_hba.conf"), $"host all all {subnet} scram-sha-256\n");
        _ = await SqlAsync("SELECT pg_reload_conf()");
    }

    /// <summary>A fast shutdown: sessions are ended, what is committed is on disk.</summary>
    public Task StopAsync() => EndAsync(PosixSignal.Interrupt);

    /// <summary>kill -9 of the server; its sessions end with it.</summary>
    public Task KillAsync() => EndAsync(PosixSignal.Kill);

    /// <summary>SIGSTOP: it neither answers nor closes its connections, as a machine that hangs.</summary>
    public void Freeze() => PostgresTools.SignalGroup(_server!.Id, PosixSignal.Stop);

    public void Thaw() => PostgresTools.SignalGroup(_server!.Id, PosixSignal.Continue);

    /// <summary>An empty database of this name, made anew.</summary>
    public async Task<string> NewDatabaseAsync(string name)
    {
        _ = await SqlAsync($"DROP DATABASE IF EXISTS {name}", "postgres");
        _ = await SqlAsync($"CREATE DATABASE {name}", "postgres");
        return ConnectionString(name);
    }

    /// <summary>Runs a statement with psql and gives its unaligned output.</summary>
    public Task<string> SqlAsync(string sql, string database = Database) => _tools.RunAsync(
        "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", ConnectionUri(database), "-c", sql);

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            Thaw();
            await StopAsync();
        }

        _server?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task InitializeAsync(string[] settings)
    {
        var secret = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(secret, Password + "\n");
        await _tools.OwnAsync(_folder.FullName);
        _ = await _tools.RunAsync("initdb", "-D", Data, "-U", User, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync");
        await SetAsync(["listen_addresses = '127.0.0.1'", $"port = {Text(Port)}", $"unix_socket_directories = '{_folder.FullName}'", "shared_buffers = 32MB", .. settings]);
    }

    private async Task EndAsync(PosixSignal signal)
    {
        if (!IsRunning)
        {
            return;
        }

        PostgresTools.Signal(_server!.Id, signal);
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _server.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            PostgresTools.Signal(_server.Id, PosixSignal.Kill);
            throw new InvalidOperationException($"PostgreSQL did not end within {StopDeadline.TotalSeconds:0} s of {signal}:\n{Log}");
        }
    }

    private void Follow(Process server)
    {
        var gate = new Lock();
        void Append(string? line)
        {
            lock (gate)
            {
                if (line is not null && _folder.Exists)
                {
                    File.AppendAllText(LogPath, line + "\n");
                }
            }
        }

        server.OutputDataReceived += (_, e) => Append(e.Data);
        server.ErrorDataReceived += (_, e) => Append(e.Data);
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
    }

    private string ConnectionUri(string database) => $"postgresql://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Text(Port)}/{database}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
