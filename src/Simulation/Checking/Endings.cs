using Inspection.Decisions.Gate;
using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Checking;

/// <summary>What must be true when everything has healed and every station was stopped: liveness, conservation, and what no fault excuses.</summary>
internal static class Endings
{
    public static void Check(Plant plant)
    {
        var auditor = plant.Auditor;
        foreach (var station in plant.Sensors.SelectMany(s => s.Stations).Where(s => !s.IsFinished))
        {
            throw plant.Broken($"liveness: station {station.Shape.Station} on {station.Node} is not done {Simulator.Liveness.TotalSeconds:0} s after its stop: epoch {station.Core.Window.Epoch}, {station.Core.Window.Open} parts open, {station.Gate?.Core.OnBelt} on the belt, {station.Gate?.Core.Unreported} acts to report, halted {station.Gate?.IsHalted}");
        }

        if (auditor.OpenKeys.FirstOrDefault() is { Counter: > 0 } open)
        {
            throw plant.Broken($"P1: {auditor.OpenKeys.Count()} parts are open after everything healed, one of them {open}");
        }

        foreach (var part in plant.Belts.Parts.Values.Where(p => !auditor.IsAccepted(p.Key)))
        {
            var epoch = auditor.Epochs.GetValueOrDefault(part.Key.Epoch);
            if (epoch is not { IsEnded: true, Tail: EpochTail.Unknown } || part.Key.Counter <= epoch.Seen || part.Passed)
            {
                throw plant.Broken($"P1: {part.Key} was stamped, and neither is it in the journal nor is its epoch's tail unknown (passed: {part.Passed})");
            }
        }

        if (auditor.Epochs.Values.FirstOrDefault(e => !e.IsEnded) is { } current)
        {
            throw plant.Broken($"J2: epoch {current.Number} of {current.Station} was not released");
        }

        foreach (var sensor in plant.Sensors.Where(s => s.InHand != 0))
        {
            throw plant.Broken($"W8: {sensor.InHand} pieces of work never ended on {sensor.Node}");
        }

        var totals = plant.Supervisors.Line?.Ledger?.Committed.Totals;
        if (totals is null || totals.Accepted != auditor.Accepted || totals.Ok != Count(Verdict.Ok) || totals.Ng != Count(Verdict.Ng) || totals.Review != Count(Verdict.Review) || totals.Decided + totals.Fallback != auditor.Closed)
        {
            throw plant.Broken($"P1: the ledger counts {totals}, the journal has {auditor.Accepted} accepted and {auditor.Closed} concluded");
        }

        if (plant.Faults.IsQuiet)
        {
            Quiet(plant);
        }

        long Count(Verdict verdict) => auditor.Counts.GetValueOrDefault(Conclusion.Decided(verdict));
    }

    /// <summary>Without faults nothing falls back, every verdict is the part's own, and every good part passes.</summary>
    private static void Quiet(Plant plant)
    {
        foreach (var part in plant.Belts.Parts.Values)
        {
            if (plant.Auditor.Find(part.Key) is not { IsDecided: true } conclusion)
            {
                throw plant.Broken($"quiet: nothing went wrong, and {part.Key} is {plant.Auditor.Find(part.Key)?.ToString() ?? "not in the journal"}");
            }

            var truth = Belts.Truth(part, plant.Shape.HasVerifier);
            if (conclusion.Verdict != truth)
            {
                throw plant.Broken($"quiet: {part.Key} is {conclusion}, and should be {truth}");
            }

            // parts on the belt when the line was stopped were never going to arrive under its epoch
            var arrives = part.Station.Transport == Transport.Indexed || part.ArrivesAt < plant.Shape.TriggersUntil;
            if (conclusion.IsOk && arrives && !part.Passed)
            {
                throw plant.Broken($"quiet: {part.Key} is OK, and was not passed");
            }
        }

        foreach (var station in plant.Shape.Stations)
        {
            var (came, fewest) = (plant.Belts.Parts.Values.Count(p => p.Station == station), Math.Min(10, (station.PerSecond ?? 100) * 5));
            if (came < fewest)
            {
                throw plant.Broken($"quiet: only {came} parts came to station {station.Station}");
            }
        }
    }
}
