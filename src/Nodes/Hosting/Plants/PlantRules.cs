using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>What must hold across a plant file's keys. Files and models are checked by `inspection check`, which opens them.</summary>
internal static class PlantRules
{
    public static void Check(Plant plant)
    {
        Unique(plant, "line", plant.Lines.Select(l => l.Line.Value));
        if (plant.Lines.Any(l => l.Line == LogChain.Id))
        {
            throw new PlantException($"{plant.File}: a line may not be called '{LogChain.Id}': the plant's log has that name");
        }

        foreach (var line in plant.Lines)
        {
            Unique(plant, $"station of line {line.Line}", line.Stations.Select(s => s.Station.Value));
            foreach (var station in line.Stations)
            {
                Unique(plant, $"camera of station {station.Station}", station.Cameras.Select(c => c.Camera.Value));
                CheckTimes(plant, line, station);
            }
        }

        var gates = plant.Lines.SelectMany(l => l.Stations).Select(s => s.Gate).ToList();
        Unique(plant, "ejector_log", gates.Where(g => g.Mqtt is null).Select(g => g.EjectorLog));
        Unique(plant, "MQTT topic", gates.Select(g => g.Mqtt).OfType<MqttPlan>().Select(m => $"{m.Topic} at {m.Broker}"));
    }

    /// <summary>Rule V2: decision deadline plus commit budget fit into the travel.</summary>
    private static void CheckTimes(Plant plant, LinePlan line, StationPlan station)
    {
        var most = station.Gate.Travel - PlantReader.CommitBudget;
        if (line.Recipe.Deadline <= TimeSpan.Zero)
        {
            throw new PlantException($"{plant.File}: line {line.Line}: the decision deadline is {Durations.Text(line.Recipe.Deadline)}; it must be above 0{(station.Gate.Transport == Transport.Conveyor ? $": gate.travel of station {station.Station} must exceed the commit budget of {Durations.Text(PlantReader.CommitBudget)}" : "")}");
        }

        if (station.Gate.Transport == Transport.Conveyor && line.Recipe.Deadline > most)
        {
            throw new PlantException($"{plant.File}: line {line.Line}: deadline {Durations.Text(line.Recipe.Deadline)} does not fit: parts reach the ejector of station {station.Station} {Durations.Text(station.Gate.Travel)} after their trigger, less the commit budget of {Durations.Text(PlantReader.CommitBudget)} leaves {Durations.Text(most)} (rule V2)");
        }

        if (station.Cameras.Any(c => c.Synthetic != station.Cameras[0].Synthetic))
        {
            throw new PlantException($"{plant.File}: station {station.Station}: a trigger is one part for all its cameras: give them all folders, or all the same 'synthetic' settings (each camera draws its own view)");
        }
    }

    private static void Unique(Plant plant, string what, IEnumerable<string> names)
    {
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new PlantException($"{plant.File}: the {what} '{twice.Key}' stands there {twice.Count()} times; each needs a name of its own");
        }
    }
}
