using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Inspection.Mutants.Tests.Core;

/// <summary>One file of the core.</summary>
/// <param name="Path">Below src/Decisions, with '/'.</param>
/// <param name="Text">As it is written.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public static readonly CSharpParseOptions Language = new(LanguageVersion.Latest, DocumentationMode.None);

    public SyntaxTree Tree { get; } = CSharpSyntaxTree.ParseText(Text, Language, Path);

    /// <summary>Its folder: Ledger, Station, Gate, Policy, Work.</summary>
    public string Area => Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";

    /// <summary>As a change leaves it.</summary>
    public SourceFile With(Change change) => new(Path, Text[..change.At] + change.Now + Text[(change.At + change.Was.Length)..]);
}

/// <summary>At one place of one file, other text.</summary>
internal sealed record Change(string File, int At, string Was, string Now)
{
    /// <summary>The lines it touches, before and after, as a person reads a change.</summary>
    public string Difference(SourceFile file)
    {
        var from = At == 0 ? 0 : file.Text.LastIndexOf('\n', At - 1) + 1;
        var to = file.Text.IndexOf('\n', At + Was.Length) is >= 0 and var end ? end : file.Text.Length;
        var line = file.Text.AsSpan(0, from).Count('\n') + 1;
        var before = file.Text[from..to];
        var after = file.Text[from..At] + Now + file.Text[(At + Was.Length)..to];
        return string.Join('\n', [$"src/Decisions/{file.Path}:{line}", .. Marked('-', before), .. Marked('+', after)]);
    }

    private static IEnumerable<string> Marked(char mark, string lines) => lines.Split('\n').Select(l => $"{mark} {l}");
}
