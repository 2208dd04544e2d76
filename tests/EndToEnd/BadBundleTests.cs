using System.Globalization;
using System.Text.RegularExpressions;

namespace Inspection.EndToEnd.Tests;

/// <summary>What is given to an auditor and is no bundle, half of one, or one that was made to do harm: exit code 2 and one message.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed partial class BadBundleTests(Fitted fitted)
{
    private const string Records = "lines/line.records";

    /// <summary>What is done to a good bundle, and what the message must say besides the bundle's path.</summary>
    private static readonly Dictionary<string, (Action<string> Change, string[] Words)> Bad = new()
    {
        // half of it
        ["records cut"] = (b => Cut(b, Records), ["half a bundle", Records, "bytes", "copy it again"]),
        ["log cut"] = (b => Cut(b, "log.records"), ["half a bundle", "log.records", "copy it again"]),
        ["records gone"] = (b => File.Delete(At(b, Records)), ["half a bundle", Records, "missing", "copy it again"]),
        ["log gone"] = (b => File.Delete(At(b, "log.records")), ["half a bundle", "log.records", "missing"]),
        ["packages gone"] = (b => Directory.Delete(At(b, "packages"), recursive: true), ["half a bundle", "package.json", "missing"]),
        ["manifest gone"] = (b => File.Delete(At(b, "manifest.json")), ["half", "no manifest.json", "export it again"]),

        // another format, or none
        ["future"] = (b => Replace(b, "inspection-bundle-1", "inspection-bundle-9"), ["manifest.json", "inspection-bundle-9", "reads inspection-bundle-1", "read it with"]),
        ["future with other keys"] = (b => Write(b, """{ "shape": [[{}]], "format": "inspection-bundle-2" }"""), ["inspection-bundle-2", "read it with"]),
        ["no format"] = (b => Write(b, "{}"), ["manifest.json", "(none)"]),
        ["number for a format"] = (b => Write(b, """{ "format": 2 }"""), ["manifest.json", "no manifest"]),
        ["half a character for a format"] = (b => Write(b, """{ "format": "\ud800" }"""), ["manifest.json"]),
        ["text"] = (b => Write(b, "see attachment"), ["manifest.json", "no manifest", "export or copy"]),
        ["picture"] = (b => File.WriteAllBytes(At(b, "manifest.json"), Pictures.PngHeader(8, 8)), ["manifest.json", "no manifest"]),
        ["empty"] = (b => Write(b, ""), ["manifest.json", "no manifest", "empty"]),
        ["cut manifest"] = (b => Cut(b, "manifest.json"), ["manifest.json", "no manifest"]),
        ["deep"] = (b => Write(b, new string('[', 1 << 20)), ["manifest.json", "no manifest"]),
        ["long list"] = (b => Write(b, $$"""{ "format": "inspection-bundle-1", "x": [{{string.Join(',', Enumerable.Repeat("0", 7_000_000))}}] }"""), ["manifest.json", "no manifest"]),
        ["key twice"] = (b => Replace(b, "\"plant\":", "\"plant\": \"other\", \"plant\":"), ["manifest.json", "plant"]),
        ["line without sha256"] = (b => Edit(b, Sha256(), ""), ["manifest.json", "no manifest", "sha256"]),
        ["line of null"] = (b => Replace(b, "\"lines\": [", "\"lines\": [ null,"), ["manifest.json", "null"]),

        // 100 GB of zeros, which take no room on the disk
        ["manifest of zeros"] = (b => Auditor.Zeros(At(b, "manifest.json"), Auditor.Hundred), ["manifest.json", "more than"]),
        ["records of zeros"] = (b => Zeros(b, Records), ["records of zeros", Records]),
        ["log of zeros"] = (b => Zeros(b, "log.records"), ["log.records"]),
        ["package of zeros"] = (b => Auditor.Zeros(Package(b), Auditor.Hundred), ["package.json", "bytes"]),

        // numbers that cannot be
        ["more records than bytes"] = (b => Edit(b, To(), "\"to\": 9223372036854775807"), [Records, "9223372036854775807 records"]),
        ["records below none"] = (b => Edit(b, To(), "\"to\": -1"), ["1..-1"]),
        ["not from the first"] = (b => Replace(b, "\"from\": 1", "\"from\": 2"), ["starts at record 1"]),
        ["a fraction"] = (b => Edit(b, To(), "\"to\": 1.5"), ["manifest.json", "no manifest"]),

        // names that lead elsewhere
        ["above"] = (b => Rename(b, "../line"), ["'../line'", "not a line's name"]),
        ["absolute"] = (b => Rename(b, "/etc/passwd"), ["not a line's name"]),
        ["nameless"] = (b => Rename(b, ""), ["not a line's name"]),
        ["long"] = (b => Rename(b, new string('n', 1 << 20)), ["nnn... (1048576 characters)", "not a line's name"]),
        ["nul"] = (b => Rename(b, "line\\u0000"), ["line\\u0000", "not a line's name"]),
        ["escape"] = (b => Rename(b, "\\u001b[2J"), ["\\u001b[2J", "not a line's name"]),
        ["plant's escape"] = (b => Replace(b, "\"tested\"", "\"\\u001b]0;x\\u0007\""), ["\\u001b", "plant's name"]),
        ["in capitals"] = (b => Rename(b, "LINE"), ["lines/LINE.records", "missing"]),
        ["twin"] = (b => Replace(b, "\"lines\": [", $"\"lines\": [{Entry(b, "lines")},"), ["'line'", "twice"]),
        ["package above"] = (b => Replace(b, "\"model_digest\": \"", "\"model_digest\": \"../"), ["package '../", "SHA-256"]),
        ["package twin in capitals"] = (b => Replace(b, "\"packages\": [", $"\"packages\": [{Digest().Replace(Entry(b, "packages"), m => m.Value.ToUpperInvariant())},"), ["package", "twice"]),
        ["link"] = (b => Link(b, Records), [Records, "is a link"]),
        ["link for the manifest"] = (b => Link(b, "manifest.json"), ["manifest.json", "is a link"]),
        ["link for a folder"] = (b => Link(b, "lines"), ["lines is a link"]),
        ["folder for records"] = (b => Folder(b, Records), [Records, "is a directory"]),
        ["folder for the manifest"] = (b => Folder(b, "manifest.json"), ["no manifest.json"]),
        ["pipe for the manifest"] = (b => Pipe(b, "manifest.json"), ["manifest.json", "no manifest"]),
        ["pipe for records"] = (b => Pipe(b, Records), [Records, "0 bytes"]),
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_no_bundle_is_refused(string name)
    {
        var small = await fitted.SmallBundleAsync();
        using var scratch = new Scratch();
        var bundle = small.Copy(scratch);
        Directory.Move(bundle, scratch[name]);
        bundle = scratch[name];
        Bad[name].Change(bundle);
        string[] words = [bundle, .. Bad[name].Words];
        await Auditor.RefusesAsync(words, "verify", bundle, "--log-key", small.LogKey, "--held", small.Held);

        // all of them open it in the same way: one more a case is enough
        string[][] others = [["replay", bundle], ["at", SmallBundle.Line, "2100-01-01", "--bundle", bundle], ["receipt", SmallBundle.Part, "--bundle", bundle]];
        await Auditor.RefusesAsync(words, others[Bad.Keys.Order(StringComparer.Ordinal).TakeWhile(k => k != name).Count() % others.Length]);
    }

    [Fact]
    public async Task What_is_no_folder_of_a_bundle_is_refused()
    {
        using var scratch = new Scratch();
        _ = Directory.CreateDirectory(scratch["empty"]);
        File.WriteAllBytes(scratch["picture.png"], Pictures.PngHeader(8, 8));
        Auditor.Zeros(scratch["zeros"], Auditor.Hundred);
        Linux.MakePipe(scratch["pipe"]);
        foreach (var (path, word) in new[]
        {
            (scratch["empty"], "no manifest.json, which export writes last"),
            (scratch.File("notes.txt", "a bundle"), "is a file"),
            (scratch["picture.png"], "is a file"),
            (scratch["zeros"], "is a file"),
            (scratch["pipe"], "is a file"),
            (scratch["nowhere"], "no folder"),
            (scratch[new string('n', 300)], "no folder"),
            ("", "no folder"),
        })
        {
            await Auditor.RefusesAsync([path, word, "export"], "verify", path);
        }
    }

    /// <summary>Nothing but its length says that this is no bundle: the chain is read to the first bad record, the file for its digest.</summary>
    [Fact]
    public async Task Zeros_that_could_be_so_many_records_take_no_memory()
    {
        var small = await fitted.SmallBundleAsync();
        using var scratch = new Scratch();
        var bundle = small.Copy(scratch);
        const int MoreThanMemory = 600 << 20;
        Auditor.Zeros(At(bundle, Records), MoreThanMemory);
        Edit(bundle, Bytes(), $"\"bytes\": {MoreThanMemory}");
        Edit(bundle, To(), $"\"to\": {MoreThanMemory}");
        await Auditor.FindsAsync(["record 1 of line line", "not as it was exported"], "verify", bundle);
    }

    /// <summary>Also where it is allowed to: the untouched bundle passes every command.</summary>
    [Fact]
    public async Task The_untouched_bundle_is_good()
    {
        var small = await fitted.SmallBundleAsync();
        _ = (await Auditor.RunAsync("verify", small.Folder, "--log-key", small.LogKey, "--held", small.Held)).Expect(0);
        _ = (await Auditor.RunAsync("replay", small.Folder)).Expect(0);
        _ = (await Auditor.RunAsync("at", SmallBundle.Line, "2100-01-01", "--bundle", small.Folder)).Expect(0);
        _ = (await Auditor.RunAsync("check-receipt", small.Receipt, "--log-key", small.LogKey)).Expect(0);
    }

    private static string At(string bundle, string file) => Path.Combine(bundle, file);

    private static string Package(string bundle) => Directory.GetFiles(At(bundle, "packages"), "package.json", SearchOption.AllDirectories)[0];

    private static void Write(string bundle, string manifest) => File.WriteAllText(At(bundle, "manifest.json"), manifest);

    private static void Replace(string bundle, string from, string to) => Edit(bundle, new Regex(Regex.Escape(from)), to.Replace("$", "$$", StringComparison.Ordinal));

    private static void Edit(string bundle, Regex from, string to)
    {
        var before = File.ReadAllText(At(bundle, "manifest.json"));
        var after = from.Replace(before, to, 1);
        Assert.NotEqual(before, after);
        Write(bundle, after);
    }

    private static void Rename(string bundle, string line) => Replace(bundle, "\"line\": \"line\"", $"\"line\": \"{line}\"");

    /// <summary>The first of a list.</summary>
    private static string Entry(string bundle, string list) => Regex.Match(File.ReadAllText(At(bundle, "manifest.json")), $"\"{list}\": \\[\\s*(\\{{[^}}]*\\}})").Groups[1].Value;

    private static void Cut(string bundle, string file)
    {
        using var cut = new FileStream(At(bundle, file), FileMode.Open);
        cut.SetLength(cut.Length / 2);
    }

    /// <summary>With its true length in the manifest.</summary>
    private static void Zeros(string bundle, string file)
    {
        var before = new FileInfo(At(bundle, file)).Length;
        Auditor.Zeros(At(bundle, file), Auditor.Hundred);
        Replace(bundle, string.Create(CultureInfo.InvariantCulture, $"\"bytes\": {before}"), string.Create(CultureInfo.InvariantCulture, $"\"bytes\": {Auditor.Hundred}"));
    }

    /// <summary>To the same, outside of the bundle.</summary>
    private static void Link(string bundle, string file)
    {
        var outside = $"{bundle}-outside";
        Directory.Move(At(bundle, file), outside);
        _ = File.CreateSymbolicLink(At(bundle, file), outside);
    }

    private static void Folder(string bundle, string file)
    {
        File.Delete(At(bundle, file));
        _ = Directory.CreateDirectory(At(bundle, file));
    }

    private static void Pipe(string bundle, string file)
    {
        File.Delete(At(bundle, file));
        Linux.MakePipe(At(bundle, file));
    }

    [GeneratedRegex("\"to\": [0-9]+")]
    private static partial Regex To();

    [GeneratedRegex("\"bytes\": [0-9]+")]
    private static partial Regex Bytes();

    [GeneratedRegex(",\\s*\"sha256\": \"[0-9a-f]+\"")]
    private static partial Regex Sha256();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Digest();
}
