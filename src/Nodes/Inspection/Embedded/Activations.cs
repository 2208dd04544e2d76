using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Embedded;

/// <summary>What a plant file and its packages say about a line, as the commands that make it the line's own record.</summary>
internal static class Activations
{
    private const string By = "plant file";

    public static IEnumerable<ILineMessage> Of(LinePlan line, LineModelSet models)
    {
        yield return Model(line.Line, models.CoarsePackage);
        if (models.VerifierPackage is { } verifier)
        {
            yield return Model(line.Line, verifier);
        }

        // the recipe last: a station gets its lease only once a recipe is active
        yield return new LineCommands.ActivateRecipe(line.Line, RecipeOf(line), By, "start");
    }

    public static Recipe RecipeOf(LinePlan line) => new()
    {
        Name = line.Recipe.Name,
        Views = line.Stations.SelectMany(s => s.Cameras.Select(c => new RequiredView(s.Station, c.Camera))).ToEquatableList(),
        DecisionDeadline = line.Recipe.Deadline,
        HasVerifier = line.Recipe.VerifierPackage is not null,
        OnNg = line.Recipe.OnNg,
        OnReview = line.Recipe.OnReview,
        OnFallback = line.Recipe.OnFallback,
        ByDefect = line.Recipe.ByDefect,
    };

    private static LineCommands.ActivateModel Model(LineId line, ApprovedPackage package) =>
        new(line, package.Policy, package.Name, package.ManifestJson, package.SignatureId, package.Approval, By, "start");
}
