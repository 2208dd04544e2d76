using System.Globalization;
using Inspection.Commands;
using Inspection.Console;

namespace Inspection.Members;

/// <summary>A plant's status as tables for people.</summary>
internal static class StatusView
{
    public static void Print(PlantStatus status, Output output)
    {
        output.Line($"cluster {status.Cluster}, as node {status.AskedNode} sees it");
        output.Line();
        Table(output, ["node", "address", "roles", "status", "health", "data plane", "clock s"], status.Members.Select(m => new[]
        {
            m.Node.Length > 0 ? m.Node : "(has not said)",
            m.Address,
            string.Join(",", m.Roles),
            m.Reachable ? m.Status : $"{m.Status}, unreachable",
            m.Http.Length > 0 ? $"http://{m.Http}/health/ready" : "",
            m.DataPlane,
            m.ClockOffsetSeconds.ToString("0.0", CultureInfo.InvariantCulture),
        }));
        Table(output, ["line", "supervisor", "recipe", "accepted", "decided", "fallback", "open"], status.Lines.Select(l => l.Answers
            ? new[] { l.Line, l.Supervisor, l.Recipe, N(l.Accepted), N(l.Decided), N(l.Fallback), N(l.Open) }
            : [l.Line, l.Supervisor, "(does not answer)", "", "", "", ""]));
        Table(output, ["line", "station", "leased to", "epoch", "seen", "concluded", "open", "acted"], status.Lines.SelectMany(l => l.Stations.Select(s =>
            new[] { l.Line, s.Station, s.Ended ? "(nobody)" : s.Holder, N(s.Epoch), N(s.SeenUpTo), N(s.ConcludedUpTo), N(s.Open), N(s.ActedUpTo) })));
        foreach (var (l, s) in status.Lines.SelectMany(l => l.Stations.Where(s => s.Stands).Select(s => (l, s))))
        {
            output.Line(Stands(l.Line, s.Station, $"since change {N(s.InterlockChange)}, which the journal explains"));
            output.Line();
        }

        foreach (var m in status.Members.Where(m => m.Log is not null))
        {
            output.Line($"{m.Log}; built by node {m.Node}");
            output.Line();
        }

        Table(output, ["node", "stage", "waiting", "queue age s", "credit"], status.Members.SelectMany(m => (m.Work?.Stages ?? []).Select(s =>
            new[] { m.Node, s.Stage, N(s.Waiting), S(s.QueueAgeSeconds), N(s.Credit) })));
        Table(output, ["node", "worker", "in flight", "oldest s", "credit", "state"], status.Members.SelectMany(m => (m.Work?.Workers ?? []).Select(w =>
            new[] { m.Node, w.Worker, N(w.InFlight), S(w.OldestSeconds), N(w.Credit), w.State })));
        Table(output, ["worker node", "models held"], status.Members.Where(m => m.Models.Count > 0).Select(m => new[] { m.Node, string.Join(" ", m.Models.Select(d => d[..12])) }));
    }

    /// <summary>A line that its interlock stopped, and the way back.</summary>
    public static string Stands(string line, string station, string since) => $"station {line}/{station} stands: the interlock stopped it {since}; the way back: {Shared.Program} resume {line}/{station} --by NAME --why TEXT";

    private static string S(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string N(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Table(Output output, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        if (all.Length == 1)
        {
            return;
        }

        var widths = head.Select((_, c) => all.Max(r => r[c].Length)).ToArray();
        foreach (var row in all)
        {
            output.Line(string.Join("  ", row.Select((text, c) => text.PadRight(widths[c]))).TrimEnd());
        }

        output.Line();
    }
}
