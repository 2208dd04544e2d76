namespace Inspection.Architecture.Tests;

/// <summary>Design, section 2: Protocol, then Decisions, then Vision and Audit, then Learning and Nodes. Nothing points back.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Core = ["Inspection.Protocol", "Inspection.Decisions"];

    private static readonly string[] Roles =
        ["Inspection.Nodes.Sensor", "Inspection.Nodes.Inference", "Inspection.Nodes.Supervisor", "Inspection.Nodes.Gateway"];

    private static readonly string[] Libraries = [.. Core, "Inspection.Vision", "Inspection.Audit", "Inspection.Learning"];

    /// <summary>What each project may know. A project that is not here is not in the design: add it there first.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Inspection.Protocol"] = [],
        ["Inspection.Decisions"] = ["Inspection.Protocol"],
        ["Inspection.Simulation"] = Core,
        ["Inspection.Vision"] = Core,
        ["Inspection.Audit"] = Core,
        ["Inspection.Learning"] = [.. Core, "Inspection.Vision", "Inspection.Audit"],
        ["Inspection.Nodes.Hosting"] = Libraries,
        ["Inspection.Nodes.Sensor"] = [.. Libraries, "Inspection.Nodes.Hosting"],
        ["Inspection.Nodes.Inference"] = [.. Libraries, "Inspection.Nodes.Hosting"],
        ["Inspection.Nodes.Supervisor"] = [.. Libraries, "Inspection.Nodes.Hosting"],
        ["Inspection.Nodes.Gateway"] = [.. Libraries, "Inspection.Nodes.Hosting"],
        ["Inspection"] = [.. Libraries, "Inspection.Simulation", "Inspection.Nodes.Hosting", .. Roles],
    };

    public static TheoryData<string> SourceProjects => [.. ProjectFile.Sources.Select(p => p.Name)];

    /// <summary>All but the executable, which may know everything and which nothing may know.</summary>
    public static TheoryData<string> SourceLibraries => [.. MayKnow.Keys.Where(name => name != "Inspection")];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_references_only_what_lies_below_it(string name)
    {
        Assert.True(MayKnow.TryGetValue(name, out var allowed), $"{name} has no place in the layout: name it in docs/decisions/0001 and in {nameof(MayKnow)}");
        var forbidden = Project(name).Closure().Except(allowed).ToArray();
        Assert.True(forbidden.Length == 0, $"{name} references {string.Join(", ", forbidden)}, which lies beside or above it");
    }

    [Theory]
    [MemberData(nameof(SourceLibraries))]
    public void A_compiled_assembly_uses_only_what_lies_below_it(string name)
    {
        var used = CompiledAssembly.Of(Project(name)).Assemblies.Where(a => a == "inspection" || a.StartsWith("Inspection", StringComparison.Ordinal));
        var forbidden = used.Except(MayKnow[name]).ToArray();
        Assert.True(forbidden.Length == 0, $"{name}.dll uses {string.Join(", ", forbidden)}, which lies beside or above it");
    }

    [Fact]
    public void No_project_outside_tests_references_a_test() =>
        Assert.DoesNotContain(ProjectFile.Sources.SelectMany(p => p.Closure()), p => p.EndsWith(".Tests", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(SourceLibraries))]
    public void Only_nodes_know_Akka(string name)
    {
        if (name.StartsWith("Inspection.Nodes.", StringComparison.Ordinal))
        {
            return;
        }

        var project = Project(name);
        Assert.DoesNotContain(project.Packages, IsAkka);
        Assert.DoesNotContain(CompiledAssembly.Of(project).Assemblies, IsAkka);
    }

    private static bool IsAkka(string name) => name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal);

    private static ProjectFile Project(string name) => ProjectFile.All.Single(p => p.Name == name);
}
