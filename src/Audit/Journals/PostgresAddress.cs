using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Inspection.Audit.Journals;

/// <summary>A PostgreSQL journal's address: a connection string that is never printed, because it holds a password.</summary>
public sealed class PostgresAddress
{
    /// <summary>What the plant file's string may override. Connects and commands end before a line's circuit breaker (10 s) does.</summary>
    private const string Defaults = "Application Name=inspection;Timeout=5;Command Timeout=8;Cancellation Timeout=2000;Maximum Pool Size=30;Keepalive=10;Tcp Keepalive=true";

    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <param name="connectionString">As Npgsql takes it: Host=...;Username=...;Password=...;Database=...</param>
    /// <exception cref="FormatException">No connection string, or one without host, user or database; says which.</exception>
    public PostgresAddress(string connectionString)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder($"{Defaults};{connectionString}");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // the parser's message may quote a value, and one of them is the password
            throw new FormatException("is no connection string of the form Host=...;Username=...;Password=...;Database=...");
        }

        var missing = new[] { ("Host", _settings.Host), ("Username", _settings.Username), ("Database", _settings.Database) }.Where(p => string.IsNullOrWhiteSpace(p.Item2)).Select(p => p.Item1).ToList();
        if (missing.Count > 0)
        {
            throw new FormatException($"lacks {string.Join(", ", missing)}; the form is Host=...;Username=...;Password=...;Database=...");
        }
    }

    /// <summary>With the defaults. Holds the password.</summary>
    public string ConnectionString => _settings.ConnectionString;

    public string Database => _settings.Database!;

    public string User => _settings.Username!;

    /// <summary>For people.</summary>
    public override string ToString() => $"PostgreSQL journal {_settings.Database} on {_settings.Host}:{_settings.Port}";

    /// <summary>For a connection of its own, new and used once.</summary>
    public string Unpooled => new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;

    /// <summary>The same for work that may take long.</summary>
    public string LongRunning => new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;

    /// <summary>Whether <see cref="Explain"/> has words for it; anything else is a bug.</summary>
    public static bool IsOutage(Exception e) => e is NpgsqlException or TimeoutException or IOException or SocketException;

    /// <summary>What an error of the server or of the way to it means, and what to do.</summary>
    public JournalUnavailableException Explain(Exception e) => e switch
    {
        JournalUnavailableException known => known,
        PostgresException p => OfServer(p),
        NpgsqlException { InnerException: PostgresException p } => OfServer(p),
        NpgsqlException { InnerException: AuthenticationException tls } => Wrong($"the encrypted connection is refused: {tls.Message}; check SSL Mode and Root Certificate in journal.postgres", e),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } or TimeoutException or SocketException or IOException
            or NpgsqlException { IsTransient: true } =>
            Away($"no answer ({Innermost(e)}); check that the server runs and that Host and Port in journal.postgres are right", e),
        _ => Wrong(e.Message, e),
    };

    private JournalUnavailableException OfServer(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Wrong($"user {User} is refused: {e.MessageText}; check Username and Password in journal.postgres (or INSPECTION__JOURNAL__POSTGRES), and pg_hba.conf on the server", e),
        PostgresErrorCodes.InvalidCatalogName => Wrong($"the database does not exist; make it: createdb -O {User} {Database}", e),
        PostgresErrorCodes.InsufficientPrivilege => Wrong($"user {User} lacks a right: {e.MessageText}; as the database's owner run: GRANT USAGE, CREATE ON SCHEMA public TO {User}", e),
        PostgresErrorCodes.ReadOnlySqlTransaction => Away($"it takes no writes: {e.MessageText}; a standby has to be promoted, or Target Session Attributes=primary set in journal.postgres", e),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => Away($"the server stops or starts: {e.MessageText}", e),
        PostgresErrorCodes.TooManyConnections => Away($"{e.MessageText}; raise max_connections, or lower Maximum Pool Size in journal.postgres", e),
        PostgresErrorCodes.DiskFull => Away($"the server's disk is full: {e.MessageText}; make room", e),
        _ when e.IsTransient => Away(e.MessageText, e),
        _ => Wrong($"{e.MessageText} (SQLSTATE {e.SqlState})", e),
    };

    private JournalUnavailableException Away(string what, Exception e) => new($"{this}: {what}", e) { MayPass = true };

    private JournalUnavailableException Wrong(string what, Exception e) => new($"{this}: {what}", e);

    private static string Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e.Message;
}
