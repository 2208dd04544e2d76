using System.Globalization;
using Inspection.Learning.Fitting;
using Spectre.Console;

namespace Inspection.Console;

/// <summary>Long work: a progress bar with rate and time left on a terminal, a line a step elsewhere.</summary>
internal static class FitProgressView
{
    /// <exception cref="OperationCanceledException">Ctrl-C: the work is left where it stands; it writes only at its end.</exception>
    public static T Run<T>(Output output, string what, Func<IProgress<FitProgress>, T> work, CancellationToken cancel)
    {
        if (!output.IsLive)
        {
            return UntilCancelled(() => work(new Lines(output, what)), cancel);
        }

        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => UntilCancelled(() => work(new Bars(context, what)), cancel));
    }

    private static T UntilCancelled<T>(Func<T> work, CancellationToken cancel)
    {
        var task = Task.Run(work, cancel);
        _ = Task.WaitAny([task], cancel);
        return task.GetAwaiter().GetResult();
    }

    private sealed class Lines(Output output, string what) : IProgress<FitProgress>
    {
        private readonly Lock _gate = new();
        private string _step = "";

        public void Report(FitProgress value)
        {
            lock (_gate)
            {
                if (value.Step != _step)
                {
                    _step = value.Step;
                    output.Line(string.Create(CultureInfo.InvariantCulture, $"{what}: {value.Step} ({value.Total})"));
                }
            }
        }
    }

    private sealed class Bars(ProgressContext context, string what) : IProgress<FitProgress>
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(FitProgress value)
        {
            lock (_gate)
            {
                if (!_tasks.TryGetValue(value.Step, out var task))
                {
                    _tasks[value.Step] = task = context.AddTask($"{what}: {value.Step}", maxValue: Math.Max(1, value.Total));
                }

                task.Value = value.Done;
            }
        }
    }
}
