using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Hosting;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Inspection.Audit.Tests;

/// <summary>An actor system whose journal is the real Akka.Persistence.Sql plugin on a SQLite file.</summary>
internal sealed class RealJournal : IAsyncDisposable
{
    private readonly IHost _host;

    private RealJournal(string path) => _host = Host.CreateDefaultBuilder()
        .ConfigureServices(s => s.AddAkka("journal-tests", b => b
            .WithInspectionSerialization()
            .WithSqlPersistence($"Data Source={path}", "SQLite.MS", autoInitialize: true, tagStorageMode: TagMode.Csv)))
        .Build();

    public static async Task<RealJournal> Open(string path)
    {
        var journal = new RealJournal(path);
        await journal._host.StartAsync();
        return journal;
    }

    /// <summary>Persists the records under the line's id, in one batch; completes when the last is committed.</summary>
    public async Task Write(LineId line, IReadOnlyList<Sealed> records)
    {
        var system = _host.Services.GetRequiredService<ActorSystem>();
        var writer = system.ActorOf(Props.Create(() => new Writer(PersistenceIds.Line(line))));
        await writer.Ask<string>(records, TimeSpan.FromSeconds(30));
        await writer.GracefulStop(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Writer : ReceivePersistentActor
    {
        public Writer(string persistenceId)
        {
            PersistenceId = persistenceId;
            Recover<Sealed>(_ => { });
            Command<IReadOnlyList<Sealed>>(records =>
            {
                var (asker, left) = (Sender, records.Count);
                PersistAllAsync(records, _ =>
                {
                    if (--left == 0)
                    {
                        asker.Tell("committed");
                    }
                });
            });
        }

        public override string PersistenceId { get; }
    }
}
