using System.Globalization;
using Inspection.Console;
using Inspection.Protocol;
using Spectre.Console;

namespace Inspection.Embedded;

/// <summary>
/// What a running plant looks like: a table with a progress bar on a terminal, a plain line now and then elsewhere.
/// </summary>
internal sealed class LiveView(Output output, EmbeddedPlant plant, Func<IReadOnlyList<LineQueries.LineStatus>, double?> progress)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TableEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Until the plant has finished.</summary>
    public async Task WatchAsync()
    {
        if (output.IsLive)
        {
            await AnsiConsole.Live(Table([], null)).StartAsync(async live =>
            {
                await EachAsync(TableEvery, statuses => live.UpdateTarget(Table(statuses, progress(statuses))));
            });
        }
        else
        {
            await EachAsync(LineEvery, statuses => output.Line(Plain(statuses, progress(statuses))));
        }
    }

    private async Task EachAsync(TimeSpan period, Action<IReadOnlyList<LineQueries.LineStatus>> show)
    {
        using var timer = new PeriodicTimer(period);
        var ended = plant.Finished;
        while (!ended.IsCompleted)
        {
            var next = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            _ = await Task.WhenAny(next, ended);
            show(await plant.StatusAsync());
        }
    }

    private Table Table(IReadOnlyList<LineQueries.LineStatus> statuses, double? progress)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"[bold]{plant.Plant.Name}[/]  {Bar(progress)}");
        foreach (var column in new[] { "line", "accepted", "OK", "NG", "Review", "Fallback", "open" })
        {
            _ = table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var s in statuses)
        {
            _ = table.AddRow($"{s.Line}{(Stands(s).Length > 0 ? $" [red]{Stands(s)}[/]" : "")}", Number(s.Accepted), $"[green]{s.Ok}[/]", $"[red]{s.Ng}[/]", $"[yellow]{s.Review}[/]", Number(s.Fallback), Number(s.Open));
        }

        return table;
    }

    private static string Bar(double? progress)
    {
        const int width = 30;
        if (progress is not { } done)
        {
            return "";
        }

        var full = (int)(Math.Clamp(done, 0, 1) * width);
        return string.Create(CultureInfo.InvariantCulture, $"[blue]{new string('█', full)}[/]{new string('░', width - full)} {done:0 %}");
    }

    private static string Plain(IReadOnlyList<LineQueries.LineStatus> statuses, double? progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{(progress is { } p ? $"{p,4:0 %}  " : "")}") + string.Join("  ", statuses.Select(s =>
            $"{s.Line}: {Number(s.Accepted)} accepted, {Number(s.Ok)} OK, {Number(s.Ng)} NG, {Number(s.Review)} Review, {Number(s.Fallback)} Fallback, {Number(s.Open)} open{(Stands(s).Length > 0 ? $", {Stands(s)}" : "")}"));

    private static string Stands(LineQueries.LineStatus status) =>
        string.Join(", ", status.Stations.Where(s => InterlockChanged.IsStopped(s.Interlock)).Select(s => $"{s.Station} STANDS (interlock)"));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
