using System.Net;
using System.Net.Http.Headers;
using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Embedded;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.People;

/// <summary>
/// Where a person's word gets into a line's journal: always by the line's own supervisor, the one writer. Of a plant that runs, over one of
/// its nodes; of an embedded plant that does not, in this process.
/// </summary>
internal sealed class LineDesk(Plant plant, IReadOnlyList<Uri> nodes)
{
    private const int AtOnce = 64;

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    /// <summary>The answers, in the order of the commands.</summary>
    /// <exception cref="LineRefusedException">A supervisor refused; what was answered before is recorded.</exception>
    /// <exception cref="NobodyAnswersException">No node is there.</exception>
    /// <exception cref="PlantException">No node took it.</exception>
    public async Task<IReadOnlyList<ILineMessage>> AskAsync(IReadOnlyList<ILineMessage> commands, CancellationToken cancel)
    {
        if (nodes.Count > 0)
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(15) };
            return await InTurnAsync(commands, command => OverNodesAsync(http, command, cancel));
        }

        return plant.Journal is JournalPlan.Sqlite
            ? await HereAsync(commands, cancel)
            : throw new PlantException($"{plant.File}: this plant's lines live on its nodes: name one with --to http://NODE:PORT, or a node file with --config");
    }

    private async Task<IReadOnlyList<ILineMessage>> HereAsync(IReadOnlyList<ILineMessage> commands, CancellationToken cancel)
    {
        using var store = await OpenAsync(cancel);
        using var log = plant.Log is null ? null : LogSetup.Open(plant, makesKey: true);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(StartTimeout);
        await using var cluster = await EmbeddedCluster.StartAsync(store, timeout.Token);
        foreach (var line in commands.Select(c => c.Line).Distinct())
        {
            await UntilUpAsync(cluster.Supervisors, line, timeout.Token);
        }

        var answers = await InTurnAsync(commands, command => cluster.Supervisors.Ask<ILineMessage>(command, StartTimeout, cancel));
        if (log is not null)
        {
            _ = await cluster.System.StartLogBuilder(log, MonotonicClock.System).SignAllAsync(); // what is late the next run signs
        }

        return answers;
    }

    private async Task<JournalStore> OpenAsync(CancellationToken cancel)
    {
        try
        {
            return await JournalStore.OpenAsync(plant.Journal, cancel);
        }
        catch (JournalUnavailableException e)
        {
            throw new JournalUnavailableException($"{e.Message}; a plant that runs takes it over its pages: --to http://localhost:PORT (inspection run --port PORT, with {ProcessVariables.AccessKey} set)", e);
        }
    }

    /// <summary>A fresh shard drops what it gets before it is up. Asked again, a review could be recorded twice: only the status is.</summary>
    private static async Task UntilUpAsync(IActorRef supervisors, LineId line, CancellationToken cancel)
    {
        while (await LineMetrics.AskAsync(supervisors, line, AskTimeout) is null)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Some at once, so that they share commits.</summary>
    private static async Task<IReadOnlyList<ILineMessage>> InTurnAsync(IReadOnlyList<ILineMessage> commands, Func<ILineMessage, Task<ILineMessage>> ask)
    {
        var answers = new List<ILineMessage>();
        foreach (var some in commands.Chunk(AtOnce))
        {
            answers.AddRange((await Task.WhenAll(some.Select(ask))).Select(Taken));
        }

        return answers;
    }

    private async Task<ILineMessage> OverNodesAsync(HttpClient http, ILineMessage command, CancellationToken cancel)
    {
        var key = ProcessVariables.Read(ProcessVariables.AccessKey) ?? throw new PlantException($"set {ProcessVariables.AccessKey} to the key that the plant's nodes were started with");
        var tried = new List<string>();
        var answered = false;
        foreach (var node in nodes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, PeopleRoutes.Path + ProtocolCodec.ManifestOf(command))) { Content = new ByteArrayContent(ProtocolCodec.Encode(command)) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            try
            {
                using var answer = await http.SendAsync(request, cancel);
                answered = true;
                if (answer.IsSuccessStatusCode && answer.Headers.TryGetValues(PeopleRoutes.ManifestHeader, out var manifest))
                {
                    return (ILineMessage)ProtocolCodec.Decode(manifest.Single(), await answer.Content.ReadAsByteArrayAsync(cancel));
                }

                var what = $"{node}: {(await answer.Content.ReadAsStringAsync(cancel)).Trim()} ({(int)answer.StatusCode})";
                if (answer.StatusCode == HttpStatusCode.GatewayTimeout)
                {
                    throw new PlantException(what); // asked of another, it could be recorded twice
                }

                tried.Add(what);
            }
            catch (HttpRequestException e)
            {
                tried.Add($"{node}: {e.Message}"); // it did not get there: the next one may
            }
        }

        throw answered ? new PlantException($"no node took it: {string.Join("; ", tried)}") : new NobodyAnswersException($"no node answers: {string.Join("; ", tried)}");
    }

    private static ILineMessage Taken(ILineMessage answer) => answer is LineReplies.Refused refused ? throw new LineRefusedException($"line {refused.Line} refused it: {refused.Reason}") : answer;
}
