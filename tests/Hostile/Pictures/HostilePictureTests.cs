using Inspection.Protocol;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>
/// More than ten thousand broken, hostile and odd files beside whole ones, through the real product in one run. What "never OK" means here.
/// A file made of a clearly defective part is never OK, whatever of it still decodes: no reading of its bytes shows a good part. Of what is
/// made of a good part, or of a defective one that the model rejects only narrowly, an OK is wrong where another decoder refuses the file,
/// where it sees the same pixels and the whole picture is no OK, and in a PNG of the same size, whose checksums tell of every change. It is
/// right where the other decoder sees the very pixels of a good part. What is left are files that are whole by the rules of a format without
/// checksums (JPEG, BMP, TIFF) or of a size that their header changed: they are other pictures, which nothing but the model can judge.
/// They are counted in the table as such.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class HostilePictureTests(CorpusRun run) : IClassFixture<CorpusRun>
{
    private const int Least = 10_000;

    /// <summary>The runtime, two models and two rings of eight frames; the corpus' bombs would be gigabytes.</summary>
    private const long MostMemory = 800L << 20;

    [Fact]
    public void The_process_ends_well_within_its_memory()
    {
        _ = run.Ended.Expect(0);
        Assert.False(run.Ended.Error.Contains("Exception", StringComparison.Ordinal), run.Ended.Error);
        Assert.InRange(run.PeakBytes, 1, MostMemory);
    }

    [Fact]
    public void Every_file_has_exactly_one_terminal_record()
    {
        Assert.InRange(run.Files.Count, Least, int.MaxValue);
        foreach (var (line, story) in run.Stories)
        {
            story.HasOneTerminalRecordEach();
            var there = run.Files.Keys.Concat(run.Controls.Keys).Where(k => k.Line == line).Select(k => k.Id).Order(StringComparer.Ordinal);
            Assert.Equal(there, story.Accepted.Values.Order(StringComparer.Ordinal));
            Assert.Equal(story.Accepted.Count, story.Concluded.Count());
        }
    }

    [Fact]
    public void None_that_is_broken_is_OK()
    {
        var rows = Results().ToList();
        Table(rows);
        var passed = rows.Where(r => r.Record.Conclusion.IsOk && Look(r.Mutant) == Seen.Broken).Select(r => $"{r.Mutant.Kind}: {r.Id} of {r.Mutant.Of}{Changes(r.Mutant)}").ToList();
        Assert.True(passed.Count == 0, $"{passed.Count} broken files are OK:\n{string.Join('\n', passed)}");
    }

    [Fact]
    public void Each_has_a_reason_that_fits()
    {
        FallbackReason?[] fits = [FallbackReason.Unreadable, FallbackReason.NotInspectable, FallbackReason.LostAtSource];
        Assert.All(Results(), r =>
        {
            var (conclusion, reason) = (r.Record.Conclusion, r.Record.Reason);
            Assert.True(conclusion.IsDecided || fits.Contains(conclusion.Fallback), $"{r.Mutant.Kind}: {r.Id} is {conclusion}: {reason}");
            Assert.True(conclusion.IsDecided || reason.Length > 0, $"{r.Mutant.Kind}: {r.Id} is {conclusion} without a reason");
            Assert.True(conclusion != Conclusion.FellBack(FallbackReason.LostAtSource) || r.Mutant.Kind is "link to nothing" or "name no UTF-8", $"{r.Mutant.Kind}: {r.Id} is {conclusion}: {reason}");
        });
    }

    [Fact]
    public void Whole_pictures_between_them_are_judged_as_they_are_alone()
    {
        Assert.InRange(run.Controls.Count, Least / 100, int.MaxValue);
        Assert.All(run.Stories.SelectMany(s => s.Value.Concluded.Select(c => (Line: s.Key, Record: c))).Where(r => run.Controls.ContainsKey((r.Line, r.Record.ExternalId))), r =>
            Assert.Equal(run.Controls[(r.Line, r.Record.ExternalId)].Conclusion, r.Record.Conclusion));
    }

    private IEnumerable<(string Id, Mutant Mutant, PartConcluded Record)> Results() => run.Stories.SelectMany(s => s.Value.Concluded
        .Where(c => run.Files.ContainsKey((s.Key, c.ExternalId)))
        .Select(c => (c.ExternalId, run.Files[(s.Key, c.ExternalId)], c)));

    private enum Seen
    {
        /// <summary>A good part's picture with all its pixels.</summary>
        Whole = 1,

        /// <summary>A picture by the rules of its format, with other pixels.</summary>
        Other = 2,

        /// <summary>OK would be wrong.</summary>
        Broken = 3,
    }

    /// <summary>What another decoder sees in it.</summary>
    private static Seen Look(Mutant mutant)
    {
        if (mutant is not { Of: { IsClear: false } of, Bytes: { } bytes } || OtherDecoder.Read(bytes) is not { } seen)
        {
            return Seen.Broken;
        }

        var whole = OtherDecoder.Read(of.Bytes)!.Value;
        var sameSize = (seen.Width, seen.Height) == (whole.Width, whole.Height);
        return sameSize && seen.Pixels.AsSpan().SequenceEqual(whole.Pixels) ? of.IsGood ? Seen.Whole : Seen.Broken
            : sameSize && of.Extension == ".png" ? Seen.Broken
            : Seen.Other;
    }

    /// <summary>The first bytes that differ, for whoever has to find out why.</summary>
    private static string Changes(Mutant mutant) => mutant is { Bytes: { } bytes, Of.Bytes: { } whole }
        ? string.Concat(Enumerable.Range(0, Math.Min(bytes.Length, whole.Length)).Where(i => bytes[i] != whole[i]).Take(16).Select(i => $" [{i}] {whole[i]:x2}->{bytes[i]:x2}"))
        : "";

    private void Table(List<(string Id, Mutant Mutant, PartConcluded Record)> rows)
    {
        static string Row(string kind, IEnumerable<(string Id, Mutant Mutant, PartConcluded Record)> of)
        {
            var all = of.ToList();
            int Count(Func<Conclusion, bool> which) => all.Count(r => which(r.Record.Conclusion));
            int Fell(FallbackReason reason) => Count(c => c == Conclusion.FellBack(reason));
            var passed = all.Where(r => r.Record.Conclusion.IsOk).CountBy(r => Look(r.Mutant)).ToDictionary();
            return $"{kind,-26}{all.Count,7}{Fell(FallbackReason.Unreadable),12}{Fell(FallbackReason.NotInspectable),16}{Fell(FallbackReason.LostAtSource),6}{Count(c => c == Conclusion.Decided(Verdict.Ng)),7}{Count(c => c == Conclusion.Decided(Verdict.Review)),8}{passed.GetValueOrDefault(Seen.Whole),10}{passed.GetValueOrDefault(Seen.Other),10}{passed.GetValueOrDefault(Seen.Broken),11}";
        }

        Summary.Write("1 pictures", [
            $"{"done to real pictures",-26}{"files",7}{"Unreadable",12}{"NotInspectable",16}{"Lost",6}{"NG",7}{"Review",8}{"OK, whole",10}{"OK, other",10}{"OK, broken",11}",
            .. rows.GroupBy(r => r.Mutant.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Row(g.Key, g)),
            Row("all", rows),
            $"one run in {run.Took.TotalSeconds:0} s, with {run.Controls.Count} whole pictures between; peak memory {run.PeakBytes >> 20} MiB, allowed {MostMemory >> 20} MiB",
        ]);
    }
}
