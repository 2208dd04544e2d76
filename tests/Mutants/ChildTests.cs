using Inspection.Mutants.Tests.Trial;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inspection.Mutants.Tests;

/// <summary>How a child ends is told apart, with a simulator of one line in the place of the real one.</summary>
public sealed class ChildTests
{
    [Theory]
    [InlineData("return null;", "Clean", 5, "5 seeds")]
    [InlineData("return seed == 3 ? \"P1 broke\\nhere\" : null;", "Violation", 3, "P1 broke here")]
    [InlineData("return seed == 2 ? throw new System.ArgumentException(\"oops\") : (string?)null;", "Crash", 2, "oops")]
    [InlineData("System.Environment.Exit(0); return null;", "Crash", 1, "exit code 0")]
    [InlineData("return seed == 4 ? ViolationOf(seed) + \"x\" : null;", "Crash", 4, "tack overflow")]
    [InlineData("var all = new System.Collections.Generic.List<byte[]>(); while (seed == 2) { all.Add(new byte[1 << 20]); } return null;", "Crash", 2, "emory")]
    [InlineData("while (seed == 3) { } return null;", "Hang", 3, "does not end")]
    public async Task The_end_of_a_child_is_told_apart(string body, string ending, int seeds, string what)
    {
        var outcome = await Child.RunAsync("Inspection.Simulation.dll", Simulator(body), seeds: 5, longestSeed: TimeSpan.FromSeconds(2));
        Assert.Equal((ending, seeds), (outcome.Ending.ToString(), outcome.Seeds));
        Assert.Contains(what, outcome.What, StringComparison.Ordinal);
    }

    private static byte[] Simulator(string body)
    {
        // a version above the one that the runner was built with
        var source = "#nullable enable\n[assembly: System.Reflection.AssemblyVersion(\"99.0.0.0\")]\nnamespace Inspection.Simulation;\n"
            + $"public static class Simulator {{ public static string? ViolationOf(long seed) {{ {body} }} }}";
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var compilation = CSharpCompilation.Create(
            "Inspection.Simulation",
            [CSharpSyntaxTree.ParseText(source)],
            [.. new[] { "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Collections.dll" }.Select(f => MetadataReference.CreateFromFile(Path.Combine(framework, f)))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return assembly.ToArray();
    }
}
