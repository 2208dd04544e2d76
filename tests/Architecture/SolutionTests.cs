using System.Text.RegularExpressions;

namespace Inspection.Architecture.Tests;

/// <summary>The solution file and the list of packages are kept by hand: they are checked against what is there.</summary>
public sealed partial class SolutionTests
{
    [Fact]
    public void The_solution_is_a_classic_one() =>
        Assert.Contains("Microsoft Visual Studio Solution File, Format Version 12.00", Repository.Read(Repository.Solution));

    [Fact]
    public void The_solution_lists_every_project_and_no_other()
    {
        var listed = ListedProject().Matches(Repository.Read(Repository.Solution)).Select(m => m.Groups["path"].Value.Replace('\\', '/'));
        Assert.Equal(ProjectFile.All.Select(p => p.Path).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_package_in_use_has_its_reason_in_a_decision()
    {
        var decisions = string.Join('\n', Repository.SomeTextFiles("docs/decisions", ".md").Select(Repository.Read));
        var silent = ProjectFile.All
            .SelectMany(p => p.Packages.Select(package => (Package: package, Project: p.Name)))
            .Where(use => !Regex.IsMatch(decisions, $@"(?<![\w.]){Regex.Escape(use.Package)}(?!\.?\w)", RegexOptions.IgnoreCase))
            .GroupBy(use => use.Package, use => use.Project)
            .Select(use => $"{use.Key} (used by {string.Join(", ", use)})")
            .ToArray();
        Assert.True(silent.Length == 0, $"say in docs/decisions why the project takes: {string.Join("; ", silent)}");
    }

    [Fact]
    public void Every_decision_says_context_decision_and_consequence()
    {
        foreach (var path in Repository.SomeTextFiles("docs/decisions", ".md").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            var text = Repository.Read(path);
            Assert.All(["## Context", "## Decision", "## Consequence"], heading => Assert.True(text.Contains(heading), $"{path} lacks '{heading}'"));
        }
    }

    [GeneratedRegex(@"^Project\([^)]*\) = ""[^""]*"", ""(?<path>[^""]*\.csproj)""", RegexOptions.Multiline)]
    private static partial Regex ListedProject();
}
