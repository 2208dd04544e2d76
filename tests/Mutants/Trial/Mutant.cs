using Inspection.Mutants.Tests.ByHand;
using Inspection.Mutants.Tests.ByOperator;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.Trial;

/// <summary>One changed core.</summary>
/// <param name="Bug">What was changed, in words; unique.</param>
/// <param name="Short">The same for a table that says where.</param>
/// <param name="Kind">"by hand", or the operator.</param>
/// <param name="Breaks">What it breaks; where an operator made it, nobody said.</param>
/// <param name="Change">The change.</param>
/// <param name="Equivalent">Why it breaks no promise; null where that is not known.</param>
internal sealed record Mutant(string Bug, string Short, string Kind, string Breaks, Change Change, string? Equivalent)
{
    public static Mutant Of(PlantedBug bug, CoreSource core) => new(bug.Name, bug.Name, "by hand", bug.Breaks, bug.ChangeIn(core.Files), null);

    public static Mutant Of(Place place) => new(place.Name.ToString(), place.Name.Short, place.Name.Operator switch
    {
        Operator.Negate => "negate",
        Operator.Drop => "drop",
        _ => "off by one",
    }, "", place.Change, Reviewed.ReasonFor(place.Name));
}
