using System.Globalization;
using System.Text.RegularExpressions;
using Inspection.Mutants.Tests.Core;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inspection.Mutants.Tests.ByOperator;

/// <summary>
/// Every place of a file where an operator can change it. Negates conditions and what is joined by <c>&amp;&amp;</c> and <c>||</c>; drops statements that
/// have an effect, and bodies that are one; moves integers and comparisons by one. Whether the change compiles is not asked here.
/// Texts for people and checks of arguments (<c>ThrowIf...</c>, what is thrown) are left out: a wrong message breaks no promise.
/// </summary>
internal static partial class Operators
{
    public static IReadOnlyList<Place> PlacesIn(SourceFile file)
    {
        var counts = new Dictionary<PlaceName, int>();
        var places = new List<Place>();
        foreach (var node in file.Tree.GetRoot().DescendantNodes(n => n is not (ThrowStatementSyntax or ThrowExpressionSyntax or InterpolatedStringExpressionSyntax or AttributeSyntax)))
        {
            foreach (var (what, part, now, shown) in ChangesOf(node))
            {
                var unnumbered = new PlaceName(file.Path, MemberOf(node), what, Tokens(part), shown, 0);
                counts[unnumbered] = counts.GetValueOrDefault(unnumbered) + 1;
                places.Add(new Place(unnumbered with { Nth = counts[unnumbered] }, new Change(file.Path, part.SpanStart, part.ToString(), now)));
            }
        }

        return places;
    }

    private static IEnumerable<(Operator What, SyntaxNode Part, string Now, string Shown)> ChangesOf(SyntaxNode node) => node switch
    {
        IfStatementSyntax x => [Negated(x.Condition)],
        WhileStatementSyntax x => [Negated(x.Condition)],
        DoStatementSyntax x => [Negated(x.Condition)],
        ForStatementSyntax { Condition: { } condition } => [Negated(condition)],
        ConditionalExpressionSyntax x => [Negated(x.Condition)],
        WhenClauseSyntax x => [Negated(x.Condition)],
        BinaryExpressionSyntax x when x.IsKind(SyntaxKind.LogicalAndExpression) || x.IsKind(SyntaxKind.LogicalOrExpression) => Operands(x).Select(Negated),
        BinaryExpressionSyntax x when OtherComparison(x.Kind()) is { } other => [Shifted(x, $"{x.Left} {other} {x.Right}", $"{Tokens(x.Left)} {other} {Tokens(x.Right)}")],
        ExpressionStatementSyntax x when HasEffect(x.Expression) => [(Operator.Drop, x, ";", "")],
        ArrowExpressionClauseSyntax x when IsVoid(x.Parent) && HasEffect(x.Expression) => [(Operator.Drop, x, "=> _ = 0", "")],
        LiteralExpressionSyntax { Token.Value: int n } x => [Shifted(x, Text(n + 1L), Text(n + 1L)), Shifted(x, Text(n - 1L), Text(n - 1L))],
        LiteralExpressionSyntax { Token.Value: long n } x => [Shifted(x, $"{Text(n + 1)}L", Text(n + 1)), Shifted(x, $"{Text(n - 1)}L", Text(n - 1))],
        _ => [],
    };

    private static (Operator, SyntaxNode, string, string) Negated(ExpressionSyntax x) => (Operator.Negate, x, $"!({x})", "");

    private static (Operator, SyntaxNode, string, string) Shifted(SyntaxNode x, string now, string shown) => (Operator.OffByOne, x, now, shown);

    /// <summary>In a chain each operand once: the left one of a chain is the rest of the chain, and its own.</summary>
    private static IEnumerable<ExpressionSyntax> Operands(BinaryExpressionSyntax x) => x.Left.IsKind(x.Kind()) ? [x.Right] : [x.Left, x.Right];

    private static string? OtherComparison(SyntaxKind kind) => kind switch
    {
        SyntaxKind.LessThanExpression => "<=",
        SyntaxKind.LessThanOrEqualExpression => "<",
        SyntaxKind.GreaterThanExpression => ">=",
        SyntaxKind.GreaterThanOrEqualExpression => ">",
        _ => null,
    };

    private static bool HasEffect(ExpressionSyntax x) => x switch
    {
        InvocationExpressionSyntax call => !Tokens(call.Expression).Contains("ThrowIf", StringComparison.Ordinal),
        AssignmentExpressionSyntax => true,
        PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => true,
        _ => false,
    };

    private static bool IsVoid(SyntaxNode? member) => member switch
    {
        MethodDeclarationSyntax x => IsVoid(x.ReturnType),
        LocalFunctionStatementSyntax x => IsVoid(x.ReturnType),
        AccessorDeclarationSyntax x => !x.IsKind(SyntaxKind.GetAccessorDeclaration),
        ConstructorDeclarationSyntax => true,
        _ => false,
    };

    private static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    /// <summary>"Turn.Announce(LineCommands.AnnounceTriggers,object?)": unique in its file, and the same wherever it stands.</summary>
    private static string MemberOf(SyntaxNode node) => string.Join('.', node.AncestorsAndSelf().Reverse().Select(n => n switch
    {
        BaseTypeDeclarationSyntax x => x.Identifier.Text,
        MethodDeclarationSyntax x => $"{x.Identifier.Text}{Types(x.ParameterList)}",
        ConstructorDeclarationSyntax x => $"new{Types(x.ParameterList)}",
        LocalFunctionStatementSyntax x => $"{x.Identifier.Text}{Types(x.ParameterList)}",
        PropertyDeclarationSyntax x => x.Identifier.Text,
        FieldDeclarationSyntax x => string.Join(',', x.Declaration.Variables.Select(v => v.Identifier.Text)),
        _ => null,
    }).OfType<string>());

    private static string Types(ParameterListSyntax parameters) => $"({string.Join(',', parameters.Parameters.Select(p => p.Type is null ? "" : string.Concat(p.Type.DescendantTokens().Select(t => t.Text))))})";

    /// <summary>Without comments and line breaks, and spaces as a person sets them, more or less.</summary>
    private static string Tokens(SyntaxNode node) =>
        Tight().Replace(string.Join(' ', node.DescendantTokens().Select(t => t.Text)), m => m.Value.Trim());

    [GeneratedRegex(@" ?(\.|\(|\[|\?\.) ?| (\)|\]|,|;|\?\?=|\+\+|--)|! |(?<=^|[(,]) ?(-|\+\+|--) ")]
    private static partial Regex Tight();

    private static string Text(long n) => n < 0 ? $"({n.ToString(CultureInfo.InvariantCulture)})" : n.ToString(CultureInfo.InvariantCulture);
}
