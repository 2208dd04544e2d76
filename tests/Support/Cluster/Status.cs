using System.Text.Json;

namespace Inspection.Tests.Support.Cluster;

public sealed record StationSeen(string Station, long Epoch, string Holder, bool Ended, long SeenUpTo, int Open);

public sealed record LineSeen(string Line, bool Answers, string Supervisor, long Accepted, long Decided, long Fallback, long Open, IReadOnlyList<StationSeen> Stations)
{
    public string HolderOf(string station) => Stations.FirstOrDefault(s => s.Station == station && !s.Ended)?.Holder ?? "";
}

public sealed record WorkerSeen(string Worker, int InFlight, int Credit, string State);

public sealed record WorkSeen(IReadOnlyList<WorkerSeen> Workers);

public sealed record MemberSeen(string Node, string Status, bool Reachable, IReadOnlyList<string> Roles, WorkSeen? Work, PingsSeen? Pings, LogSeen? Log);

/// <summary>The plant's log, on the node that builds it.</summary>
public sealed record LogSeen(long Leaves, long Signed, string? Trouble);

/// <summary>Round trips of small messages, in milliseconds.</summary>
public sealed record PingsSeen(long Count, double P50Ms, double P99Ms, double MaxMs);

/// <summary>What a node's /status page says.</summary>
public sealed record Status(string AskedNode, IReadOnlyList<MemberSeen> Members, IReadOnlyList<LineSeen> Lines)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public LineSeen Line(string line) => Lines.Single(l => l.Line == line);

    /// <summary>Frames that a node works on, over all nodes with cameras.</summary>
    public int InFlight(string worker) => Members.SelectMany(m => m.Work?.Workers ?? []).Where(w => w.Worker == worker).Sum(w => w.InFlight);

    /// <summary>A worker node as the asked node sees it; null where it has no stream to it.</summary>
    public WorkerSeen? Worker(string node) => Members.FirstOrDefault(m => m.Node == AskedNode)?.Work?.Workers.FirstOrDefault(w => w.Worker == node);

    /// <summary>Null where the node does not answer, or is no member.</summary>
    public static async Task<Status?> OfAsync(string http)
    {
        try
        {
            using var answer = await Http.GetAsync($"http://{http}/status");
            return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<Status>(await answer.Content.ReadAsStringAsync(), Json) : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>Status code and text of a page; 0 where nobody answers.</summary>
    public static async Task<(int Code, string Text)> PageAsync(string http, string page)
    {
        try
        {
            using var answer = await Http.GetAsync($"http://{http}/{page}");
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return (0, e.Message);
        }
    }

    public override string ToString() =>
        $"{AskedNode} sees {string.Join(", ", Members.Select(m => $"{m.Node} {m.Status}{(m.Reachable ? "" : " unreachable")}{(m.Log is { } log ? $" builds the log ({log})" : "")}"))}; "
        + string.Join("; ", Lines.Select(l => $"{l.Line}{(l.Answers ? "" : " silent")} on {l.Supervisor}: accepted {l.Accepted} decided {l.Decided} fallback {l.Fallback} open {l.Open} holder {string.Join(",", l.Stations.Select(s => $"{s.Holder}/{s.Epoch}{(s.Ended ? " ended" : "")}"))}"));
}
