using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Plants;
using LinqToDB;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>
/// The writer's side of a plant's journal (rule J6): checked when it is opened, and durable on every connection that the persistence
/// plugins open. One a process.
/// </summary>
public abstract class JournalStore : IDisposable
{
    /// <summary>How often an unreachable server is tried again.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    /// <summary>For people; holds no password.</summary>
    public abstract string Description { get; }

    /// <summary>As linq2db names it.</summary>
    public abstract string ProviderName { get; }

    /// <summary>May hold a password.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>What every connection is opened with, those of the probe too.</summary>
    public abstract DataOptions DataOptions { get; }

    /// <summary>A real write and read, for health.</summary>
    public IJournalProbe Probe => field ??= new JournalProbe(this);

    /// <summary>Whether the persistence plugin makes its tables at its start; false where <see cref="OpenAsync"/> has made them.</summary>
    internal abstract bool PluginMakesTables { get; }

    /// <summary>Opens and checks it. Creates what is not there: a file, tables in a database.</summary>
    /// <exception cref="JournalUnavailableException">
    /// It cannot be written or made durable; names the setting and what to do. <see cref="JournalUnavailableException.MayPass"/> tells
    /// "not reachable now" from "wrong, and it stays wrong".
    /// </exception>
    /// <exception cref="Protocol.BrokenChainException">SQLite: a stored record was changed; it names the record.</exception>
    public static async Task<JournalStore> OpenAsync(JournalPlan plan, CancellationToken cancel) => plan switch
    {
        JournalPlan.Sqlite file => SqliteStore.Open(file.Path),
        JournalPlan.Postgres server => await PostgresStore.OpenAsync(server.Address, cancel),
        _ => throw new InvalidOperationException($"no store for {plan}"),
    };

    /// <summary>
    /// As <see cref="OpenAsync"/>, and waits while the journal is not reachable: a supervisor node of a cluster may start before its
    /// database does. What is wrong to stay still throws.
    /// </summary>
    /// <param name="say">Told why it waits: at first, and whenever the reason changes.</param>
    public static async Task<JournalStore> OpenWhenReachableAsync(JournalPlan plan, Action<string> say, TimeProvider time, CancellationToken cancel)
    {
        var said = "";
        while (true)
        {
            try
            {
                return await OpenAsync(plan, cancel);
            }
            catch (JournalUnavailableException e) when (e.MayPass)
            {
                if (e.Message != said)
                {
                    said = e.Message;
                    say(FormattableString.Invariant($"waiting for the journal: {e.Message}; tried again every {RetryEvery.TotalSeconds:0} s"));
                }
            }

            await Task.Delay(RetryEvery, time, cancel);
        }
    }

    public abstract void Dispose();
}
