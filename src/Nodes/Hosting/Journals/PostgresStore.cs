using Inspection.Audit.Journals;
using LinqToDB;
using Npgsql;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>
/// A PostgreSQL database that all supervisor nodes share. Checked at the start: reachable, writable, durable. Its records are not read at
/// the start, as there may be millions: each line checks its own chain when it recovers (rule J1).
/// </summary>
internal sealed class PostgresStore : JournalStore
{
    private const int OldestVersion = 15;

    /// <summary>Stronger than "on" stays; weaker becomes "on" for the session, whatever server, role or connection string say.</summary>
    private const string SetDurable = "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)";

    /// <summary>Waits for the local disk, or for more where synchronous standbys are set up.</summary>
    private static readonly string[] Durable = ["on", "remote_apply"];

    private readonly PostgresAddress _address;

    private readonly DurableConnections _durable;

    private PostgresStore(PostgresAddress address)
    {
        _address = address;
        _durable = new DurableConnections(SetDurable, CheckDurable);
    }

    public override string Description => _address.ToString();

    public override string ProviderName => LinqToDB.ProviderName.PostgreSQL15;

    public override string ConnectionString => _address.ConnectionString;

    public override DataOptions DataOptions => new DataOptions().UseConnectionString(ProviderName, ConnectionString).UseInterceptor(_durable);

    internal override bool PluginMakesTables => false;

    /// <exception cref="JournalUnavailableException">Names what is wrong and what to do; says whether trying again may help.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresAddress address, CancellationToken cancel)
    {
        var store = new PostgresStore(address);
        try
        {
            await using var connection = new NpgsqlConnection(address.Unpooled);
            await connection.OpenAsync(cancel);
            await store._durable.SecureAsync(connection, cancel);
            await store.CheckServerAsync(connection, cancel);
            await PostgresSchema.EnsureAsync(connection, address, cancel);
            await store.WriteOnceAsync(cancel);
            return store;
        }
        catch (Exception e) when (PostgresAddress.IsOutage(e))
        {
            throw address.Explain(e);
        }
    }

    public override void Dispose()
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private void CheckDurable(string got)
    {
        if (!Durable.Contains(got))
        {
            throw new JournalUnavailableException($"{_address}: synchronous_commit is '{got}' after asking for 'on': a committed verdict could be lost; connect to the server itself or through a pooler that keeps sessions");
        }
    }

    /// <summary>
    /// As the persistence plugins do it, and without their circuit breaker: the first time takes seconds of compiling, which on a busy
    /// machine would look like an outage.
    /// </summary>
    private async Task WriteOnceAsync(CancellationToken cancel)
    {
        if (await new JournalProbe(this).BeatAsync(cancel) is { } wrong)
        {
            throw new JournalUnavailableException(wrong);
        }
    }

    private async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion)
        {
            throw new JournalUnavailableException($"{_address}: the server is PostgreSQL {connection.PostgreSqlVersion}; {OldestVersion} or newer is needed");
        }

        await using var command = new NpgsqlCommand("SELECT current_setting('fsync'), current_setting('full_page_writes'), pg_is_in_recovery()", connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        _ = await row.ReadAsync(cancel);
        foreach (var (i, setting) in new[] { (0, "fsync"), (1, "full_page_writes") })
        {
            if (row.GetString(i) != "on")
            {
                throw new JournalUnavailableException($"{_address}: the server runs with {setting} = {row.GetString(i)}: a crash of its machine would lose committed verdicts or damage them; set {setting} = on in postgresql.conf and restart the server");
            }
        }

        if (row.GetBoolean(2))
        {
            throw new JournalUnavailableException($"{_address}: the server is a standby and takes no writes; name the primary in journal.postgres (several hosts: Target Session Attributes=primary), or promote it") { MayPass = true };
        }
    }
}
