using Inspection.Mutants.Tests.ByHand;
using Inspection.Mutants.Tests.ByOperator;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests;

/// <summary>A bug's text is where it says, what is planted compiles, and the choice by chance is the same every time.</summary>
public sealed class HarnessTests
{
    private static readonly SourceFile[] Files = [new("A/One.cs", "class One { int n = 1; int m = 1; }"), new("A/Two.cs", "class Two { int k = 2; }")];

    [Fact]
    public void A_text_that_occurs_once_is_changed_there()
    {
        var change = new PlantedBug("b", "A/One.cs", "m = 1", "m = 3", "").ChangeIn(Files);
        Assert.Equal("class One { int n = 1; int m = 3; }", Files[0].With(change).Text);
    }

    [Theory]
    [InlineData("A/One.cs", "k = 2", "occurs 1 in A/Two.cs")]
    [InlineData("A/One.cs", " = 1", "occurs 2 in A/One.cs")]
    [InlineData("A/Three.cs", "gone", "occurs nowhere", "A/Three.cs")]
    public void A_text_that_does_not_occur_once_fails_by_name(string file, string text, params string[] said)
    {
        var bug = new PlantedBug("the bug's name", file, text, "", "");
        var error = Assert.Throws<InvalidOperationException>(() => bug.ChangeIn(Files));
        Assert.All(["the bug's name", .. said], words => Assert.Contains(words, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_planted_bug_has_its_place_and_compiles()
    {
        var core = CoreSource.Current;
        Assert.Empty(PlantedBug.All.Select(b => b.Misplaced(core.Files)).OfType<string>());
        Assert.Empty(PlantedBug.All.Where(b => !core.Compiles(b.ChangeIn(core.Files))).Select(b => b.Name));
        Assert.Equal(PlantedBug.All.Count, PlantedBug.All.Select(b => b.Name).Distinct().Count());
    }

    [Fact]
    public void The_choice_is_the_same_every_time_and_another_with_another_seed()
    {
        var chosen = Choice.Made.Select(p => p.Name).ToArray();
        Assert.Equal(chosen, Choice.Of(CoreSource.Current, Choice.Seed).Select(p => p.Name));
        Assert.NotEqual(chosen, Choice.Of(CoreSource.Current, Choice.Seed + 1).Select(p => p.Name));
        Assert.All(Choice.Areas, area => Assert.Contains(chosen, p => p.File.StartsWith(area + "/", StringComparison.Ordinal)));
        Assert.All(Enum.GetValues<Operator>(), what => Assert.Contains(chosen, p => p.Operator == what));
    }

    [Fact]
    public void Every_reviewed_place_is_still_chosen()
    {
        Assert.Empty(Reviewed.Places.Except(Choice.Made.Select(p => p.Name.ToString())));
    }
}
