using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>Rule J6: lines have a plugin of their own, so that one failing batch elsewhere never opens their circuit breaker.</summary>
public static class JournalPlugins
{
    public const string LinesJournal = "akka.persistence.journal.lines";
    public const string LinesSnapshots = "akka.persistence.snapshot-store.lines";

    public static AkkaConfigurationBuilder WithJournals(this AkkaConfigurationBuilder builder, JournalStore journal)
    {
        var lines = Journal(journal, "lines", isDefault: false);
        var others = Journal(journal, "cluster", isDefault: true);
        var lineSnapshots = Snapshots(journal, "lines", isDefault: false);
        var otherSnapshots = Snapshots(journal, "cluster", isDefault: true);
        return builder
            .WithSqlPersistence(others, otherSnapshots)
            .WithSqlPersistence(lines, lineSnapshots);
    }

    private static SqlJournalOptions Journal(JournalStore journal, string id, bool isDefault) => new(isDefault, id)
    {
        ConnectionString = journal.ConnectionString,
        ProviderName = journal.ProviderName,
        DataOptions = journal.DataOptions,
        AutoInitialize = journal.PluginMakesTables,
        TagStorageMode = TagMode.Csv,
    };

    private static SqlSnapshotOptions Snapshots(JournalStore journal, string id, bool isDefault) => new(isDefault, id)
    {
        ConnectionString = journal.ConnectionString,
        ProviderName = journal.ProviderName,
        DataOptions = journal.DataOptions,
        AutoInitialize = journal.PluginMakesTables,
    };
}
