using System.Diagnostics;
using System.Globalization;
using Inspection.Mutants.Tests.ByHand;
using Inspection.Mutants.Tests.ByOperator;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.Trial;

/// <summary>
/// Every mutant's run, each once, two at a time. Ends by writing its report. For a person who works on a survivor, INSPECTION_MUTANTS names those
/// to run (a part of their names; the tests of the others then fail), and INSPECTION_MUTANT_SEEDS how many seeds.
/// </summary>
public sealed class Campaign : IAsyncLifetime
{
    /// <summary>What continuous integration gives the simulator.</summary>
    private const int UsualSeeds = 3000;

    /// <summary>For those that are known to break nothing: enough to see that they run.</summary>
    private const int ReviewedSeeds = 30;

    private const int AtOnce = 2;

    private readonly string? _only = Environment.GetEnvironmentVariable("INSPECTION_MUTANTS");
    private readonly int _seeds = int.Parse(Environment.GetEnvironmentVariable("INSPECTION_MUTANT_SEEDS") ?? $"{UsualSeeds}", CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim _free = new(AtOnce);
    private readonly Dictionary<Mutant, Task<Outcome>> _runs = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _compiling;
    private Task<Outcome> _control = null!;

    internal CoreSource Core { get; } = CoreSource.Current;

    internal IReadOnlyList<Mutant> ByHand { get; private set; } = [];

    internal IReadOnlyList<Mutant> ByOperator { get; private set; } = [];

    /// <summary>The core as it is, compiled and run as the mutants are.</summary>
    internal Task<Outcome> Control => _control;

    public Task InitializeAsync()
    {
        ByHand = [.. PlantedBug.All.Where(b => b.Misplaced(Core.Files) is null).Select(b => Mutant.Of(b, Core))]; // its own test fails
        File.Delete(Places.Results("progress.log"));
        ByOperator = [.. Choice.Made.Select(Mutant.Of)];
        _control = RunAsync(null, _seeds);
        foreach (var mutant in ByHand.Concat(ByOperator).Where(m => _only is null || m.Bug.Contains(_only, StringComparison.Ordinal)))
        {
            _runs.Add(mutant, LoggedAsync(mutant));
        }

        return Task.CompletedTask;
    }

    internal Task<Outcome> Of(Mutant mutant) =>
        _runs.GetValueOrDefault(mutant) ?? throw new InvalidOperationException($"not run: INSPECTION_MUTANTS is '{_only}', which is no part of '{mutant.Bug}'");

    public async Task DisposeAsync()
    {
        var rows = new List<(Mutant Mutant, Outcome Outcome)>();
        foreach (var (mutant, run) in _runs)
        {
            rows.Add((mutant, await run));
        }

        Report.Write(Core, await Control, rows, new Times(_clock.Elapsed, new TimeSpan(_compiling)));
        _free.Dispose();
    }

    /// <summary>What was seen so far, for who waits or for a run that is ended.</summary>
    private async Task<Outcome> LoggedAsync(Mutant mutant)
    {
        var outcome = await RunAsync(mutant.Change, mutant.Equivalent is null ? _seeds : Math.Min(_seeds, ReviewedSeeds));
        lock (_runs)
        {
            File.AppendAllText(Places.Results("progress.log"), $"{_clock.Elapsed.TotalSeconds,6:F1} s {outcome.Ending,-9} after {outcome.Seeds,4}: {mutant.Bug}: {outcome.What}\n");
        }

        return outcome;
    }

    private async Task<Outcome> RunAsync(Change? change, int seeds)
    {
        await _free.WaitAsync();
        try
        {
            var began = _clock.Elapsed.Ticks;
            var (assembly, error) = await Task.Run(() => Core.Compile(change));
            _ = Interlocked.Add(ref _compiling, _clock.Elapsed.Ticks - began);
            return assembly is null
                ? throw new InvalidOperationException($"the core does not compile{(change is null ? "" : $" with {change.Now} in {change.File}")}: {error}")
                : await Child.RunAsync(Places.CoreFile, assembly, seeds);
        }
        finally
        {
            _ = _free.Release();
        }
    }
}
