using Inspection.Console;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Members;

internal static class NodeModels
{
    /// <summary>
    /// A node that only works on frames goes on with the packages it has and says which are missing; one that holds lines or cameras needs all
    /// of its plant.
    /// </summary>
    public static PlantModels Load(NodePlan plan, Plant plant, IReadOnlyList<string> roles, Output output)
    {
        foreach (var station in plan.Stations ?? [])
        {
            if (!plant.Lines.Any(l => l.Line == station.Line && l.Stations.Any(s => s.Station == station.Station)))
            {
                throw new PlantException($"{plan.File}: stations: the plant file {plan.PlantFile} has no station {station}");
            }
        }

        var works = NodeRoles.Work(roles);
        var onlyWorks = !roles.Contains(NodeRoles.Sensor) && !roles.Contains(NodeRoles.Supervisor);
        var models = PlantModels.Load(plant, PackagePolicy.Cluster(works, onlyWorks
            ? (line, e) => output.Warning($"node {plan.Id} can't work for line {line}: {e.Message}")
            : null));
        return models.Lines.Count > 0 || !works
            ? models
            : throw new PlantException($"{plan.File}: node {plan.Id} has none of the models that the plant file {plan.PlantFile} names (see the warnings above): put them where the recipes say");
    }
}
