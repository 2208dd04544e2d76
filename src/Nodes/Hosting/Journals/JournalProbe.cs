using System.Data.Common;
using System.Diagnostics;
using LinqToDB.Data;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>How the journal is.</summary>
/// <param name="What">For people: why not, or what was done.</param>
/// <param name="Took">Until the answer, or until it was given up.</param>
public sealed record JournalHealth(bool IsGood, string What, TimeSpan Took);

/// <summary>Whether the journal takes a write now.</summary>
public interface IJournalProbe
{
    /// <summary>Commits one row and reads it back. An outage is an answer, not an exception; it comes within <see cref="JournalProbe.Timeout"/>.</summary>
    Task<JournalHealth> CheckAsync(CancellationToken cancel = default);
}

/// <summary>
/// One row in a table of its own counts up: nothing grows, and several nodes share it. Through the same provider, connection settings and
/// durability as the records. Akka.Persistence's own health check says Healthy as long as nothing has used a broken provider.
/// </summary>
public sealed class JournalProbe : IJournalProbe
{
    /// <summary>Longer than any healthy commit, shorter than a probe of Kubernetes waits.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private const string Table = "CREATE TABLE IF NOT EXISTS journal_probe (id integer PRIMARY KEY, beats bigint NOT NULL)";
    private const string Write = "INSERT INTO journal_probe (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = journal_probe.beats + 1 RETURNING beats";
    private const string Read = "SELECT beats FROM journal_probe WHERE id = 1";

    private readonly JournalStore _store;
    private volatile bool _hasTable;

    internal JournalProbe(JournalStore store)
    {
        _store = store;
        _hasTable = !store.PluginMakesTables;
    }

    public async Task<JournalHealth> CheckAsync(CancellationToken cancel = default)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Timeout);
        try
        {
            // off this thread: SQLite blocks where others wait
            var what = await Task.Run(() => BeatAsync(limit.Token), limit.Token).WaitAsync(limit.Token);
            return new JournalHealth(what is null, what ?? "wrote and read a row", Stopwatch.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new JournalHealth(false, FormattableString.Invariant($"{_store.Description}: no commit within {Timeout.TotalSeconds:0} s"), Stopwatch.GetElapsedTime(started));
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or Audit.Journals.JournalUnavailableException or InvalidOperationException)
        {
            return new JournalHealth(false, $"{_store.Description}: {e.Message}", Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Null where what was committed is read again.</summary>
    /// <exception cref="DbException">It cannot be written or read.</exception>
    internal async Task<string?> BeatAsync(CancellationToken cancel)
    {
        await using var connection = new DataConnection(_store.DataOptions) { CommandTimeout = (int)Timeout.TotalSeconds };
        if (!_hasTable)
        {
            _ = await connection.ExecuteAsync(Table, cancel);
            _hasTable = true;
        }

        var written = await connection.ExecuteAsync<long>(Write, cancel);
        var read = await connection.ExecuteAsync<long>(Read, cancel);
        return read >= written ? null : FormattableString.Invariant($"{_store.Description}: wrote {written} and read {read}");
    }
}
