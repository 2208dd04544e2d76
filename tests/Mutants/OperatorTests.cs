using Inspection.Mutants.Tests.ByOperator;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests;

/// <summary>The operators do what their names say, and places keep their names.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("if (a) { F(); }", "if (!(a)) { F(); }")]
    [InlineData("while (a) { F(); }", "while (!(a)) { F(); }")]
    [InlineData("do { F(); } while (a);", "do { F(); } while (!(a));")]
    [InlineData("n = a ? 1 : 2;", "n = !(a) ? 1 : 2;")]
    [InlineData("b = a && b || c;", "b = !(a && b) || c;", "b = a && b || !(c);", "b = !(a) && b || c;", "b = a && !(b) || c;")]
    [InlineData("b = a && b && c;", "b = !(a) && b && c;", "b = a && !(b) && c;", "b = a && b && !(c);")]
    internal void A_condition_is_negated(string code, params string[] changed) => AssertChanges(Operator.Negate, code, changed);

    [Theory]
    [InlineData("F();", ";")]
    [InlineData("n = 1;", ";")]
    [InlineData("n++;", ";")]
    [InlineData("_ = F();", ";")]
    [InlineData("if (a) { F(); n += 1; }", "if (a) { ; n += 1; }", "if (a) { F(); ; }")]
    [InlineData("void G() => n = 1;", "void G() => _ = 0;")]
    [InlineData("var x = F();")]
    [InlineData("int H() => F();")]
    [InlineData("ArgumentNullException.ThrowIfNull(a);")]
    internal void An_effect_is_dropped(string code, params string[] changed) => AssertChanges(Operator.Drop, code, changed);

    [Theory]
    [InlineData("n = 7;", "n = 8;", "n = 6;")]
    [InlineData("n = 0;", "n = 1;", "n = (-1);")]
    [InlineData("l = 7L;", "l = 8L;", "l = 6L;")]
    [InlineData("b = n < m;", "b = n <= m;")]
    [InlineData("b = n <= m;", "b = n < m;")]
    [InlineData("b = n > m;", "b = n >= m;")]
    [InlineData("b = n >= m;", "b = n > m;")]
    [InlineData("b = n == m;")]
    [InlineData("s = \"7\" + 7.5;")]
    [InlineData("throw new E($\"{7}\", 7);")]
    [InlineData("s = $\"{7}\";")]
    internal void A_number_or_a_comparison_moves_by_one(string code, params string[] changed) => AssertChanges(Operator.OffByOne, code, changed);

    [Fact]
    public void Equal_places_of_one_member_are_counted()
    {
        var names = PlacesOf(Operator.Drop, Method("F(); F();")).Select(p => p.Name).ToArray();
        Assert.Equal([1, 2], names.Select(n => n.Nth));
        Assert.Equal("F();", names[0].Text);
        Assert.Equal("C.M(A<int>,B?)", names[0].Member);
    }

    [Fact]
    public void A_place_keeps_its_name_and_rank_when_something_else_is_edited()
    {
        var before = PlacesOf(Operator.Negate, Method("if (a) { F(); }")).Single().Name;
        var after = PlacesOf(Operator.Negate, "// a comment\nclass D { }\n" + Method("n = 3;\n  if ( a )\n { G(); }")).Single().Name;
        Assert.Equal(before, after);
        Assert.Equal(before.Rank(5), after.Rank(5));
        Assert.NotEqual(before.Rank(5), after.Rank(6));
    }

    [Fact]
    public void A_change_reads_as_a_difference()
    {
        var file = new SourceFile("Area/F.cs", "class C\n{\n    int n = 1;\n}\n");
        var change = new Change(file.Path, file.Text.IndexOf('1'), "1", "2");
        Assert.Equal("src/Decisions/Area/F.cs:3\n-     int n = 1;\n+     int n = 2;", change.Difference(file));
        Assert.Equal(file.Text.Replace('1', '2'), file.With(change).Text);
    }

    private static void AssertChanges(Operator what, string code, string[] changed)
    {
        var file = new SourceFile("Area/F.cs", Method(code));
        var now = Operators.PlacesIn(file).Where(p => p.Name.Operator == what).Select(p => file.With(p.Change).Text);
        Assert.Equal(changed.Select(Method).Order(StringComparer.Ordinal), now.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Place> PlacesOf(Operator what, string text) =>
        Operators.PlacesIn(new SourceFile("Area/F.cs", text)).Where(p => p.Name.Operator == what);

    private static string Method(string code) => $"class C {{ void M(A<int> x, B? y) {{ {code} }} }}";
}
