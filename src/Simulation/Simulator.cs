using Inspection.Protocol;
using Inspection.Simulation.Checking;
using Inspection.Simulation.Engine;
using Inspection.Simulation.Faults;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation;

/// <summary>
/// Runs the real decision code of a whole plant through seeded histories of faults, in one thread and virtual time, and watches over the
/// promises P1 to P4 and P8 at every step. The same seed gives the same history.
/// </summary>
public static class Simulator
{
    /// <summary>Virtual time after the last trigger until every part must be concluded and every station released.</summary>
    public static readonly TimeSpan Liveness = TimeSpan.FromSeconds(40);

    /// <summary>Null where every promise held; else which did not, and where.</summary>
    public static string? ViolationOf(long seed) => Run(seed).Violation;

    /// <param name="seed">Which history.</param>
    /// <param name="reader">Where its readable trace goes, or null.</param>
    public static SeedReport Run(long seed, TextWriter? reader = null)
    {
        var random = new Rng((ulong)seed);
        var isQuiet = random.Chance(0.04);
        var shape = PlantShape.Draw(random);
        var plant = new Plant(isQuiet ? shape.WithRoom() : shape, random.Next64(), reader);
        if (!isQuiet)
        {
            plant.Faults.Draw();
        }

        return Run(plant, seed, p => new Troubles(p).Begin());
    }

    /// <param name="plant">Before it was started.</param>
    /// <param name="seed">For the report.</param>
    /// <param name="begin">Half a second after the start.</param>
    internal static SeedReport Run(Plant plant, long seed, Action<Plant> begin)
    {
        string? violation = null;
        try
        {
            Play(plant, begin);
            Endings.Check(plant);
        }
        catch (PromiseBrokenException e)
        {
            violation = e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // the core itself refused, or the world does not understand what it says: as bad as a broken promise
            violation = $"at {plant.Now.TotalSeconds:0.000000} s: {e.GetType().Name}: {e.Message} ({e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()})";
        }

        plant.Trace.Say("world", $"ends");
        var counts = plant.Auditor.Counts;
        return new SeedReport(
            seed,
            plant.Trace.Hash,
            violation,
            plant.Auditor.Accepted,
            counts.Where(c => c.Key.IsDecided).Sum(c => c.Value),
            counts.Where(c => !c.Key.IsDecided).Sum(c => c.Value),
            plant.Belts.Passed,
            plant.Belts.Parts.Count - plant.Auditor.Accepted,
            plant.Agenda.Steps,
            [.. SeedReport.Faults.Select(plant.Faults.Fired)],
            [.. SeedReport.Faults.Select(plant.Faults.HitOpen)]);
    }

    private static void Play(Plant plant, Action<Plant> begin)
    {
        plant.Boot();
        plant.At(TimeSpan.FromMilliseconds(500), null, () => begin(plant));
        plant.At(plant.Shape.FaultsUntil, null, plant.Heal);
        plant.At(plant.Shape.TriggersUntil, null, () => Stop(plant));
        plant.Agenda.Run(plant.Shape.TriggersUntil + Liveness, () => AreStopped(plant) && plant.Auditor.Epochs.Values.All(e => e.IsEnded) && plant.Supervisors.Line?.Ledger is { InFlight: 0, Waiting: 0 });
    }

    private static bool AreStopped(Plant plant) => plant.Now > plant.Shape.TriggersUntil && plant.Sensors.All(s => s.Stations.All(t => t.IsFinished));

    private static void Stop(Plant plant)
    {
        plant.Trace.Say("world", $"stops the stations");
        foreach (var station in plant.Sensors.SelectMany(s => s.Stations).ToArray())
        {
            station.Stop();
        }

        plant.Every(TimeSpan.FromSeconds(1), null, () =>
        {
            if (AreStopped(plant))
            {
                plant.Operator.Close();
            }

            return true;
        });
    }
}
