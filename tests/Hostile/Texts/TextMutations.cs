using System.Globalization;
using System.Text;
using Inspection.Hostile.Tests.Pictures;

namespace Inspection.Hostile.Tests.Texts;

/// <summary>What can be done to a YAML file that people write, by kind.</summary>
internal static class TextMutations
{
    private static readonly string[] Values =
    [
        "", "~", "null", "true", "-1", "0", "1e999", "-1e999", "NaN", ".nan", ".inf", "1_000", "0x10", "99999999999999999999", "2147483648", "-0", "1.7976931348623157e308",
        "5/s", "0/s", "-1/s", "1e9/s", "NaN/s", "1 s", "0 ms", "-1 s", "NaN s", "1e300 h", "999999999999 h", "pulled", "[]", "{}", "[a, b]", "{ a: b }", "[[]]", "*none", "&a", "!!binary aGVsbG8=",
        "!!int x", "!<tag:evil> x", "../../../etc/passwd", "/dev/zero", "/proc/self/mem", "\"a\\0b\"", "\"\\u0000\"", "\"\\u001b[31m\"", "\"\\uD800\"", "'it''s'", "|\n      text\n", "x: y", "#no", "%TAG", "@at", "`tick`",
        "a\tb", "'a b'", "../x", "..", ".", "con", "line/1", "ÄÖ", "\"\\n\"", "[99999999999]", "[1, 99999999999999]", "[-1]", "[1, 1]", "[4, 2]", "host:99999", "Host=x;Username=u;Database=d;Port=99999999999",
        "Host=;;==;", "http://[", "http://u:p@h:99999/", "ftp://x",
    ];

    public static IEnumerable<(string Kind, byte[] Bytes)> Of(string text, Random random)
    {
        (string, byte[]) Utf8(string kind, string changed) => (kind, Encoding.UTF8.GetBytes(changed));
        var lines = text.Split('\n');
        for (var i = 0; i < 120; i++)
        {
            var line = random.Next(lines.Length);
            yield return Utf8("lines lost", string.Join('\n', lines.Where((_, at) => at < line || at > line + random.Next(3))));
            yield return Utf8("lines doubled", string.Join('\n', lines[..(line + 1)].Concat(lines[line..])));
            yield return Utf8("lines swapped", string.Join('\n', Swapped(lines, line, random.Next(lines.Length))));
            yield return Utf8("indented otherwise", string.Join('\n', lines.Select((l, at) => at == line ? random.Of([" ", "\t", "  ", "      "]) + l : at == line + 1 ? l.TrimStart() : l)));
            yield return Utf8("another value", string.Join('\n', lines.Select((l, at) => at == line ? Revalued(l, random) : l)));
            yield return Utf8("another value", Inner(text, random));
            yield return Utf8("unknown key", string.Join('\n', lines.Select((l, at) => at == line ? l.Replace(":", random.Of(["x:", "_:", "\u200b:", "\0:", "::", "? :"]), StringComparison.Ordinal) : l)));
            yield return ("bits flipped", AnyFile.FlipBits(Encoding.UTF8.GetBytes(text), random));
            yield return ("run overwritten", AnyFile.Overwrite(Encoding.UTF8.GetBytes(text), random));
            yield return ("cut", AnyFile.Cut(Encoding.UTF8.GetBytes(text), random.Next(text.Length)));
        }
    }

    /// <summary>Each made by hand: small files that are large, deep or endless, and files that are no text.</summary>
    public static IEnumerable<(string Kind, byte[] Bytes)> Bombs(string text)
    {
        static string Repeat(string what, int times) => new StringBuilder(what.Length * times).Insert(0, what, times).ToString();
        foreach (var depth in (int[])[40, 1_000, 20_000, 200_000])
        {
            yield return ("deep", Encoding.UTF8.GetBytes("plant: " + Repeat("[", depth)));
            yield return ("deep", Encoding.UTF8.GetBytes("plant: " + Repeat("{ a: ", depth)));
            yield return ("deep", Encoding.UTF8.GetBytes(Repeat("- ", depth) + "x"));
            yield return ("deep", Encoding.UTF8.GetBytes(Repeat("? ", depth) + "x"));
        }

        var laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 12; i++)
        {
            _ = laughs.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{Repeat($"*a{i - 1}, ", 9)}]\n");
        }

        yield return ("aliases", Encoding.UTF8.GetBytes(laughs + text));
        yield return ("aliases", Encoding.UTF8.GetBytes(laughs + "? *a11\n: x\n" + text));
        yield return ("aliases", Encoding.UTF8.GetBytes("plant: &p [*p]\n"));
        yield return ("aliases", Encoding.UTF8.GetBytes("plant: &p { a: *p, *p : x }\nlines: *p\n"));
        yield return ("aliases", Encoding.UTF8.GetBytes($$"""
            plant: p
            lines:
              - &l
                line: l
                recipe: { name: r, coarse: c }
                stations:
                  - &s
                    station: s
                    cameras: [&c { camera: c, folder: x }, {{Repeat("*c, ", 999)}}]
            {{Repeat("      - *s\n", 999)}}{{Repeat("  - *l\n", 999)}}
            """));
        yield return ("aliases", Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"k{i}: &k{i} *k{i - 1}"))));
        yield return ("large", Encoding.UTF8.GetBytes("plant: " + new string('x', 3 << 20)));
        yield return ("large", Encoding.UTF8.GetBytes(text + Repeat("# more\n", 400_000)));
        yield return ("large", Encoding.UTF8.GetBytes(text + string.Join('\n', Enumerable.Range(0, 60_000).Select(i => $"key{i}: 1"))));
        yield return ("large", Encoding.UTF8.GetBytes("plant: p\nlines: [" + Repeat("{},", 100_000) + "]\n"));
        yield return ("no text", []);
        yield return ("no text", new byte[4096]);
        yield return ("no text", [0xFF, 0xFE]);
        yield return ("no text", [0xEF, 0xBB, 0xBF]);
        yield return ("no text", [0xC3, 0x28, 0xA0, 0xA1, 0xFE, 0xFF]);
        yield return ("no text", Encoding.UTF8.GetBytes("---\n---\n---\n"));
        yield return ("no text", Encoding.UTF8.GetBytes("%YAML 9.9\n---\nplant: p\n"));
        yield return ("no text", Encoding.UTF8.GetBytes("--- !!map\n<<: { plant: p }\n"));
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.UTF8])
        {
            yield return ("another encoding", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            yield return ("another encoding", encoding.GetBytes(text.Replace("plant: p", "plant: \"p\u00A0\"", StringComparison.Ordinal)));
        }

        yield return ("another encoding", Encoding.Latin1.GetBytes(text + "# öäü\n"));
        yield return ("another encoding", Encoding.UTF8.GetBytes(text.Replace("\n", "\r", StringComparison.Ordinal)));
        yield return ("another encoding", Encoding.UTF8.GetBytes(text.Replace("\n", "\u2028", StringComparison.Ordinal)));
    }

    private static string[] Swapped(string[] lines, int a, int b)
    {
        var swapped = (string[])lines.Clone();
        (swapped[a], swapped[b]) = (swapped[b], swapped[a]);
        return swapped;
    }

    private static string Revalued(string line, Random random) => line.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? $"{line[..(colon + 1)]} {random.Of(Values)}" : line;

    /// <summary>A value anywhere, also within braces.</summary>
    private static string Inner(string text, Random random)
    {
        var places = Enumerable.Range(0, text.Length - 1).Where(i => text[i] == ':' && text[i + 1] == ' ').ToArray();
        var at = random.Of(places) + 2;
        var end = text.AsSpan(at).IndexOfAny(",}]\n");
        return $"{text[..at]}{random.Of(Values)}{(end < 0 ? "" : text[(at + end)..])}";
    }
}
