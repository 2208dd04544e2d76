using Inspection.Mutants.Tests.ByHand;
using Inspection.Mutants.Tests.ByOperator;
using Inspection.Mutants.Tests.Trial;

namespace Inspection.Mutants.Tests;

/// <summary>
/// Whether the simulator would notice: the core with one mistake in it, run through the seeds that continuous integration runs. "Found" means
/// something only because the core without a mistake runs through the same seeds.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class MutantTests(Campaign campaign) : IClassFixture<Campaign>
{
    private const int Fewest = 14;

    public static TheoryData<string> PlantedBugs => [.. PlantedBug.All.Select(b => b.Name)];

    [Fact]
    public async Task The_core_as_it_is_breaks_nothing()
    {
        var outcome = await campaign.Control;
        Assert.True(outcome.Ending == Ending.Clean, $"the core as it is, compiled as the mutants are, at seed {outcome.Seeds}: {outcome.Ending}: {outcome.What}");
    }

    [Theory]
    [MemberData(nameof(PlantedBugs))]
    public async Task A_planted_bug_is_found(string bug)
    {
        Assert.Null(PlantedBug.All.Single(b => b.Name == bug).Misplaced(campaign.Core.Files));
        var mutant = campaign.ByHand.Single(m => m.Bug == bug);
        var outcome = await campaign.Of(mutant);
        Assert.True(outcome.IsFound, Report.Survivors(campaign.Core, [(mutant, outcome)]));
    }

    [Fact]
    public async Task A_change_made_by_an_operator_is_found_or_reviewed()
    {
        var rows = new List<(Mutant, Outcome)>();
        foreach (var mutant in campaign.ByOperator)
        {
            rows.Add((mutant, await campaign.Of(mutant)));
        }

        var survivors = Report.Survivors(campaign.Core, rows);
        Assert.True(survivors == "", $"no seed found these; is an invariant missing, or do they break nothing (then {nameof(Reviewed)} says why)?\n{survivors}");
    }

    [Fact]
    public void There_are_enough_of_each_kind_and_some_in_every_area()
    {
        Assert.All([campaign.ByHand, campaign.ByOperator], some =>
        {
            Assert.True(some.Count >= Fewest, $"{some.Count} mutants, at least {Fewest} are needed");
            Assert.All(Choice.Areas, area => Assert.Contains(some, m => m.Change.File.StartsWith(area + "/", StringComparison.Ordinal)));
        });
    }
}
