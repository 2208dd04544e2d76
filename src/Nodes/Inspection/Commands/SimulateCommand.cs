using System.CommandLine;
using System.Globalization;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Simulation;

namespace Inspection.Commands;

/// <summary>`inspection simulate`: the promises under seeded faults, or one seed as a readable trace.</summary>
internal static class SimulateCommand
{
    private const long Default = 3_000;

    public static Command Create()
    {
        var seeds = new Option<long?>("--seeds") { Description = $"How many seeds to run ({Default} where nothing is said)" };
        var seed = new Option<long?>("--seed") { Description = "The first seed; alone: replay that one with a readable trace" };
        var minutes = new Option<double?>("--minutes") { Description = "Run seeds until so much time is over" };
        var json = Shared.Json();
        var command = new Command("simulate", "Runs the decision code of a whole plant through seeded histories of crashes, lost messages, full disks, frozen nodes and more, in virtual time, and checks the promises at every step.\n\nExample: inspection simulate --seeds 10000") { seeds, seed, minutes, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () => Task.Run(() => Run(parsed.GetValue(seeds), parsed.GetValue(seed), parsed.GetValue(minutes), output, cancel)));
        });
        return command;
    }

    private static int Run(long? seeds, long? seed, double? minutes, Output output, CancellationToken cancel)
    {
        if (seeds <= 0 || minutes <= 0)
        {
            throw new PlantException("--seeds and --minutes must be above 0");
        }

        if (seed is { } one && seeds is null && minutes is null)
        {
            return Replay(one, output);
        }

        var first = seed ?? 0;
        var count = seeds ?? (minutes is null ? Default : null);
        var clock = TimeProvider.System.GetTimestamp();
        var shown = 0L;
        var report = SeedSweep.Run(first, count, minutes is { } m ? TimeSpan.FromMinutes(m) : null, Show, cancel);
        if (output.IsLive)
        {
            output.People.Write("\r\u001b[K");
        }

        Print(report, output);
        output.Answer(new
        {
            report.First,
            report.Seeds,
            report.Holds,
            report.Failed,
            report.RunTwice,
            report.Differ,
            report.Accepted,
            report.Decided,
            report.Fallback,
            report.Passed,
            report.UnknownTail,
            report.Steps,
            Faults = SeedReport.Faults.Select((f, i) => new { Fault = f, Fired = report.Fired[i], HitOpen = report.HitOpen[i] }),
            Seconds = report.Took.TotalSeconds,
        });
        return report.Holds ? ExitCodes.Good : ExitCodes.BadAnswer;

        void Show(long done)
        {
            if (output.IsLive && done - Interlocked.Read(ref shown) >= 50)
            {
                _ = Interlocked.Exchange(ref shown, done);
                var rate = done / Math.Max(0.001, TimeProvider.System.GetElapsedTime(clock).TotalSeconds);
                var left = count is { } all ? $", {(all - done) / Math.Max(rate, 0.001):0} s left" : "";
                output.People.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{done} seeds, {rate:0}/s{left}"));
            }
        }
    }

    private static int Replay(long seed, Output output)
    {
        var report = Simulator.Run(seed, output.People);
        output.Line();
        output.Line(report.Violation is { } violation ? $"seed {seed} breaks a promise: {violation}" : $"seed {seed}: every promise held");
        output.Line(string.Create(CultureInfo.InvariantCulture, $"accepted {report.Accepted} = decided {report.Decided} + fallback {report.Fallback} + open {report.Accepted - report.Decided - report.Fallback}; passed {report.Passed}, in unknown tails {report.UnknownTail}; trace {report.TraceHash:x16}"));
        output.Answer(new { report.Seed, report.Violation, report.Accepted, report.Decided, report.Fallback, report.Passed, report.UnknownTail, report.Steps, TraceHash = report.TraceHash.ToString("x16", CultureInfo.InvariantCulture) });
        return report.Violation is null ? ExitCodes.Good : ExitCodes.BadAnswer;
    }

    private static void Print(SweepReport report, Output output)
    {
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{"fault",-20} {"fired",10} {"hit open",10}"));
        for (var i = 0; i < SeedReport.Faults.Count; i++)
        {
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{SeedReport.Faults[i],-20} {report.Fired[i],10} {report.HitOpen[i],10}"));
        }

        output.Line();
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{report.Seeds} seeds from {report.First} in {report.Took.TotalSeconds:0.0} s: accepted {report.Accepted} = decided {report.Decided} + fallback {report.Fallback} + open {report.Accepted - report.Decided - report.Fallback}; passed {report.Passed}, in unknown tails {report.UnknownTail}"));
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{report.RunTwice} seeds ran twice, {report.Differ.Count} with another trace{(report.Differ.Count > 0 ? $": {string.Join(", ", report.Differ)}" : "")}"));
        foreach (var failed in report.Failed.Take(20))
        {
            output.Line($"seed {failed.Seed} breaks a promise: {failed.Violation}");
            output.Line($"  replay it with: {Shared.Program} simulate --seed {failed.Seed}");
        }

        output.Line(report.Holds ? "every promise held" : $"{report.Failed.Count} of {report.Seeds} seeds break a promise");
    }
}
