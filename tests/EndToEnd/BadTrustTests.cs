using System.Security.Cryptography;
using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests;

/// <summary>Keys, checkpoints and receipts that are none, are somebody else's, or come from a later version; and records that contradict each other.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class BadTrustTests(Fitted fitted)
{
    /// <summary>The end of every stored record: tag and length of its check.</summary>
    private const int CheckRoom = 34;

    /// <summary>Files that are neither a key nor a checkpoint nor a receipt, each made in a folder of its own.</summary>
    private static readonly Dictionary<string, Func<Scratch, string>> Nothing = new()
    {
        ["text"] = s => s.File("given", "no such thing\n"),
        ["empty"] = s => s.File("given", ""),
        ["null"] = s => s.File("given", "null"),
        ["picture"] = s => Picture(s),
        ["zeros"] = s => Zeros(s),
        ["folder"] = s => Directory.CreateDirectory(s["given"]).FullName,
        ["missing"] = s => s["given"],
        ["long name"] = s => s[new string('n', 300)],
        ["nameless"] = _ => "",
        ["endless"] = _ => "/dev/zero",
        ["escape"] = s => s.File("given", "a\u001b[2J+b+c\n"),
    };

    public static TheoryData<string> Names => [.. Nothing.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_no_key_no_checkpoint_and_no_receipt_is_refused(string name)
    {
        var small = await fitted.SmallBundleAsync();
        using var scratch = new Scratch();
        var given = Nothing[name](scratch);
        await Auditor.RefusesAsync([given, "key"], "verify", small.Folder, "--log-key", given);
        await Auditor.RefusesAsync([given, "key"], "verify", small.Folder, "--witness", given);
        await Auditor.RefusesAsync([given, "is no checkpoint", "witness"], "verify", small.Folder, "--held", given);
        await Auditor.RefusesAsync([given, "key"], "check-receipt", small.Receipt, "--log-key", given);
        await Auditor.RefusesAsync([given], "check-receipt", given, "--log-key", small.LogKey);
    }

    [Fact]
    public async Task A_private_key_or_one_of_the_other_kind_is_refused()
    {
        var small = await fitted.SmallBundleAsync();
        await Auditor.RefusesAsync([small.ForgersKey[..^4], "NAME+ID+KEY"], "verify", small.Folder, "--log-key", small.ForgersKey[..^4]);
        await Auditor.RefusesAsync([small.StrangersKey, "of a witness", "of a log"], "verify", small.Folder, "--log-key", small.StrangersKey);
        await Auditor.RefusesAsync([small.LogKey, "of a log", "of a witness"], "verify", small.Folder, "--witness", small.LogKey);
        await Auditor.RefusesAsync([small.LogKey, "no checkpoint"], "verify", small.Folder, "--held", small.LogKey);
        await Auditor.RefusesAsync([small.Held], "check-receipt", small.Held, "--log-key", small.LogKey);
    }

    /// <summary>Another plant's bundle is bad input; a bundle that the right plant's key did not sign is a finding.</summary>
    [Fact]
    public async Task Another_plants_key_is_told_from_a_forged_log()
    {
        var small = await fitted.SmallBundleAsync();
        await Auditor.RefusesAsync([SmallBundle.Origin, "other/plant", "another plant"], "verify", small.Folder, "--log-key", small.OtherPlantsKey);
        await Auditor.FindsAsync(["NOT verified", "carries no signature by", SmallBundle.Origin], "verify", small.Folder, "--log-key", small.ForgersKey);
        await Auditor.FindsAsync(["NOT verified", "no checkpoint is cosigned by stranger.example/w9"], "verify", small.Folder, "--log-key", small.LogKey, "--witness", small.StrangersKey);
        await Auditor.FindsAsync(["NOT verified", small.Held, "not signed by the log's key"], "verify", small.Folder, "--log-key", small.ForgersKey, "--held", small.Held);
        await Auditor.FindsAsync(["NOT proven", "carries no signature by other/plant"], "check-receipt", small.Receipt, "--log-key", small.OtherPlantsKey);
        await Auditor.FindsAsync(["NOT proven", "carries no signature by"], "check-receipt", small.Receipt, "--log-key", small.ForgersKey);
        await Auditor.FindsAsync(["NOT proven", "no cosignature by stranger.example/w9"], "check-receipt", small.Receipt, "--log-key", small.LogKey, "--witness", small.StrangersKey);
    }

    [Fact]
    public async Task A_receipt_of_a_later_version_is_refused()
    {
        var small = await fitted.SmallBundleAsync();
        using var scratch = new Scratch();
        var later = scratch.File("later.receipt", """{ "shape": {}, "format": "inspection-receipt-2" }""");
        await Auditor.RefusesAsync([later, "inspection-receipt-2", "reads inspection-receipt-1", "read it with"], "check-receipt", later, "--log-key", small.LogKey);
    }

    /// <summary>Field 1 is the record's format, field 5 the event's manifest.</summary>
    [Theory]
    [InlineData("08 01", "08 02", "format 2", "newer version")]
    [InlineData("2A 02", "2A 02 5A 5A", "unknown manifest 'ZZ'", "newer version")]
    public async Task A_record_of_a_later_version_is_a_finding(string field, string becomes, params string[] words)
    {
        var small = await fitted.SmallBundleAsync();
        using var scratch = new Scratch();
        var bundle = small.Copy(scratch);
        var file = Path.Combine(bundle, "lines", "line.records");
        var bytes = File.ReadAllBytes(file);
        var (start, length) = bytes[0] < 128 ? (1, (int)bytes[0]) : (2, (bytes[0] & 127) + (bytes[1] << 7));
        var record = bytes.AsSpan(start, length);
        Hex(becomes).CopyTo(record[record.IndexOf(Hex(field))..]);
        SHA256.HashData(record[..^CheckRoom]).CopyTo(record[^32..]);
        await File.WriteAllBytesAsync(file, bytes);
        await Auditor.FindsAsync(["record 1 of line line", .. words], "verify", bundle);
        await Auditor.FindsAsync(["record 1 of line line", .. words], "replay", bundle);
        await Auditor.FindsAsync(["record 1 of line line", .. words], "at", SmallBundle.Line, "2100-01-01", "--bundle", bundle);
        await Auditor.FindsAsync(["record 1 of line line", .. words], "receipt", SmallBundle.Part, "--bundle", bundle);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task A_time_that_no_clock_shows_is_a_finding(long ticks)
    {
        using var scratch = new Scratch();
        var bundle = HandMade.Bundle(scratch, [new EpochGranted(ticks, new StationId("s1"), 1, new NodeId("n1"), "i1")], []);
        await Auditor.FindsAsync(["record 1 of line line", "no instant"], "verify", bundle);
        await Auditor.FindsAsync(["record 1 of line line", "no instant"], "at", SmallBundle.Line, "2100-01-01", "--bundle", bundle);
        var policy = scratch.File("policy.yaml", "thresholds: { reject: 1 }\n");
        await Auditor.FindsAsync(["record 1 of line line", "no instant"], "counterfactual", "--policy", policy, "--bundle", bundle);
    }

    [Fact]
    public async Task A_log_that_contradicts_itself_gives_no_receipt()
    {
        using var scratch = new Scratch();
        var bundle = HandMade.Bundle(scratch, [new EpochGranted(1, new StationId("s1"), 1, new NodeId("n1"), "i1")], [new LogExtended(1, 7, [])]);
        await Auditor.FindsAsync(["record 1 of line log", "first leaf is 7"], "receipt", SmallBundle.Part, "--bundle", bundle);
        await Auditor.FindsAsync(["record 1 of the log", "first leaf is 7"], "verify", bundle);
    }

    /// <summary>The names of parts are the plant's to choose: none of them may speak for the auditor's program.</summary>
    [Fact]
    public async Task Names_in_records_can_not_write_lines_of_the_report()
    {
        using var scratch = new Scratch();
        const string Lie = "x\u001b[2J\nverified: no findings";
        var (station, key) = (new StationId("s1"), new TriggerKey(new LineId(SmallBundle.Line), new StationId("s1"), 1, 1));
        var bundle = HandMade.Bundle(scratch, [new EpochGranted(1, station, 1, new NodeId("n1"), "i1"), new EpochEnded(2, station, 1, 0, EpochTail.Exact, "end"), new RecipeActivated(3, Recipe(Lie), Lie, Lie), new PartReviewed(4, key, default, Verdict.Ok, Lie, Lie)], []);
        var verified = (await Auditor.RunAsync("verify", bundle)).Expect(1).Says();
        Assert.DoesNotContain("\nverified", verified.Out, StringComparison.Ordinal);
        var at = (await Auditor.RunAsync("at", SmallBundle.Line, "2100-01-01", "--bundle", bundle)).Expect(0).Says();
        Assert.DoesNotContain("\nverified", at.Out, StringComparison.Ordinal);
        Assert.Contains("\\u001b[2J\\u000averified", at.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', at.Out);
    }

    private static Recipe Recipe(string name) => new()
    {
        Name = name,
        Views = [new RequiredView(new StationId("s1"), new CameraId("c1"))],
        DecisionDeadline = TimeSpan.FromSeconds(1),
        HasVerifier = false,
    };

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static string Picture(Scratch scratch)
    {
        File.WriteAllBytes(scratch["given"], Pictures.PngHeader(8, 8));
        return scratch["given"];
    }

    private static string Zeros(Scratch scratch)
    {
        Auditor.Zeros(scratch["given"], Auditor.Hundred);
        return scratch["given"];
    }
}
