using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inspection.Mutants.Tests.Core;

/// <summary>
/// The source of src/Decisions, compiled as its project compiles it (language version, nullable, implicit usings, name and version), optimised;
/// with one change in it, or with none.
/// </summary>
internal sealed class CoreSource
{
    /// <summary>What Microsoft.NET.Sdk adds with ImplicitUsings.</summary>
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly Lazy<CoreSource> Loaded = new(Load);

    private readonly CSharpCompilation _compilation;

    private CoreSource(IReadOnlyList<SourceFile> files)
    {
        Files = files;
        var name = AssemblyName.GetAssemblyName(Path.Combine(Places.RunnerFolder, Places.CoreFile));
        var preamble = string.Join('\n', ImplicitUsings.Select(u => $"global using {u};")) + $"\n[assembly: System.Reflection.AssemblyVersion(\"{name.Version}\")]\n";
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetDirectoryName(f) == Path.GetDirectoryName(typeof(object).Assembly.Location));
        _compilation = CSharpCompilation.Create(
            name.Name,
            [.. files.Select(f => f.Tree), CSharpSyntaxTree.ParseText(preamble, SourceFile.Language)],
            [.. framework.Append(Path.Combine(Places.RunnerFolder, "Inspection.Protocol.dll")).Select(f => MetadataReference.CreateFromFile(f))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
    }

    public static CoreSource Current => Loaded.Value;

    public IReadOnlyList<SourceFile> Files { get; }

    private static CoreSource Load()
    {
        Assert.True(File.Exists(Path.Combine(Places.RunnerFolder, Places.RunnerFile)), $"{Places.RunnerFile} is missing in {Places.RunnerFolder}: build tests/Mutants/Runner first");
        var files = Directory.EnumerateFiles(Places.CoreFolder, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Path: Path.GetRelativePath(Places.CoreFolder, f).Replace('\\', '/'), Full: f))
            .Where(f => !f.Path.StartsWith("bin/", StringComparison.Ordinal) && !f.Path.StartsWith("obj/", StringComparison.Ordinal))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .Select(f => new SourceFile(f.Path, File.ReadAllText(f.Full)))
            .ToArray();
        Assert.NotEmpty(files);
        return new CoreSource(files);
    }

    public SourceFile Named(string path) => Files.FirstOrDefault(f => f.Path == path) ?? throw new FileNotFoundException($"there is no src/Decisions/{path}");

    /// <summary>The assembly, or the first error of the compiler.</summary>
    /// <param name="change">Null: the core as it is.</param>
    public (byte[]? Assembly, string? Error) Compile(Change? change)
    {
        var compilation = change is null ? _compilation : With(change).Compilation;
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        return result.Success ? (assembly.ToArray(), null) : (null, result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error).ToString());
    }

    /// <summary>Whether a change within one member compiles: only its file is looked at, which takes a fraction of the time.</summary>
    public bool Compiles(Change change)
    {
        var (compilation, tree) = With(change);
        return compilation.GetSemanticModel(tree).GetDiagnostics().All(d => d.Severity != DiagnosticSeverity.Error);
    }

    private (CSharpCompilation Compilation, SyntaxTree Tree) With(Change change)
    {
        var file = Named(change.File);
        var changed = file.With(change).Tree;
        return (_compilation.ReplaceSyntaxTree(file.Tree, changed), changed);
    }
}
