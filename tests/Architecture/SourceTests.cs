using System.Text.RegularExpressions;

namespace Inspection.Architecture.Tests;

/// <summary>What no file of the repository may hold. The patterns are written so that they don't find themselves.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 300;

    [Fact]
    public void No_file_names_a_path_of_one_machine() => AssertNowhere(Repository.SomeTextFiles(""), MachinePath());

    [Fact]
    public void No_file_names_a_package_registry() => AssertNowhere(Repository.SomeTextFiles(""), Registry());

    [Fact]
    public void No_source_is_a_stub() => AssertNowhere(Repository.SomeTextFiles("src", ".cs"), Stub());

    [Fact]
    public void No_source_swallows_an_exception() => AssertNowhere(Repository.SomeTextFiles("src", ".cs"), EmptyCatch());

    [Fact]
    public void No_test_is_skipped_or_waits_by_the_clock() => AssertNowhere(Repository.SomeTextFiles("tests", ".cs"), SkipOrSleep());

    /// <summary>It forgets waits: see Answers, which takes its place.</summary>
    [Fact]
    public void Nothing_waits_on_an_Akka_inbox() => AssertNowhere([.. Repository.SomeTextFiles("src", ".cs"), .. Repository.SomeTextFiles("tests", ".cs")], AkkaInbox());

    [Fact]
    public void No_source_file_is_too_long_to_read()
    {
        var files = Repository.SomeTextFiles("src", ".cs").Concat(Repository.SomeTextFiles("tests", ".cs"));
        var tooLong = files.Select(f => (File: f, Lines: Repository.Read(f).AsSpan().Count('\n'))).Where(f => f.Lines > LongestFile).ToArray();
        Assert.True(tooLong.Length == 0, $"over {LongestFile} lines; is it one thing? {string.Join(", ", tooLong.Select(f => $"{f.File} ({f.Lines})"))}");
    }

    [Theory]
    [InlineData("a/", "tm", "p/x")]
    [InlineData("", "roo", "t/.nuget")]
    [InlineData("\"", "hom", "e/someone/data\"")]
    public void The_pattern_finds_a_machine_path(string before, string folder, string after) =>
        Assert.Matches(MachinePath(), $"{before}/{folder}{after}");

    [Theory]
    [InlineData("catch { }")]
    [InlineData("catch (IOException) {}")]
    [InlineData("catch (IOException e) when (e.HResult == 1)\n{\n}")]
    public void The_pattern_finds_an_empty_catch(string code) => Assert.Matches(EmptyCatch(), code);

    private static void AssertNowhere(IEnumerable<string> files, Regex pattern)
    {
        var found = files
            .SelectMany(f => pattern.Matches(Repository.Read(f)).Select(m => $"{f}:{LineOf(Repository.Read(f), m.Index)}: {m.Value.Trim()}"))
            .ToArray();
        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found));
    }

    private static int LineOf(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(@"(?<![A-Za-z0-9.~$}])/(work|tmp|root|farm|mnt/[a-z]|home/[a-z]+)/|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"nuget\.[a-z]+/(v3|api|packages)|npm(js)?\.(org|com)/|registry\.npm|pypi\.[a-z]+|deb\.[a-z]+\.org|archive\.ubuntu|crates\.[a-z]+/|proxy\.golang", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"NotImplemented(Exception)|\b(TO(DO)|FIX(ME)|HA(CK))\b")]
    private static partial Regex Stub();

    [GeneratedRegex(@"\bcatch\s*(\([^()]*\))?\s*(when\s*\([^{}]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\bSkip\s*=[^=>]|Thread\.Sleep|Task\.Delay|SpinWait\.SpinUntil\(\s*\(\)\s*=>\s*false")]
    private static partial Regex SkipOrSleep();

    [GeneratedRegex(@"\bInbox\.Creat[e]")]
    private static partial Regex AkkaInbox();
}
