using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.ByOperator;

/// <summary>Which places are changed: of every area and operator the first few in an order by chance that are mutants at all.</summary>
internal static class Choice
{
    /// <summary>Another seed chooses other places; a person then reviews other survivors.</summary>
    public const int Seed = 1;

    private const int OfEachAreaAndOperator = 2;

    public static readonly string[] Areas = ["Ledger", "Station", "Gate", "Policy", "Work"];

    /// <summary>Ends of file names. Pure code that is no part of a line's history: nothing that a seed plays comes by. Its tests are in tests/Decisions.</summary>
    private static readonly Dictionary<string, string> Outside = new()
    {
        ["Options.cs"] = "defaults and checks of settings: a seed brings its own settings",
        ["Work/BatchPlanner.cs"] = "batches of a session in a worker node",
        ["Work/BatchLatency.cs"] = "batches of a session in a worker node",
    };

    private static readonly Lazy<IReadOnlyList<Place>> Once = new(() => Of(CoreSource.Current, Seed));

    /// <summary>The ones that are run.</summary>
    public static IReadOnlyList<Place> Made => Once.Value;

    public static IReadOnlyList<Place> Of(CoreSource core, int seed) =>
        [.. from area in Areas
            from what in Enum.GetValues<Operator>()
            let places = core.Files.Where(f => f.Area == area && !Outside.Any(o => f.Path.EndsWith(o.Key, StringComparison.Ordinal))).SelectMany(Operators.PlacesIn).Where(p => p.Name.Operator == what)
            from place in places.OrderBy(p => p.Name.Rank(seed), StringComparer.Ordinal).Where(p => core.Compiles(p.Change)).Take(OfEachAreaAndOperator)
            select place];
}
