using Inspection.Audit.Asking;
using Inspection.Audit.Journals;
using Inspection.Audit.Tests.Transparency;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>A receipt proves one part to whoever holds the log's key, and nothing else does.</summary>
public sealed class ReceiptTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly AuditKeys _keys = new();

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_concluded_part_of_a_plant_has_one_that_proves_its_conclusion()
    {
        var seen = new List<Conclusion>();
        foreach (var seed in Enumerable.Range(1, 8))
        {
            var plant = LoggedPlant.Make(seed, _keys);
            foreach (var (part, conclusion) in Concluded(plant))
            {
                File.WriteAllText(_folder["part.receipt"], Receipt.Of(plant, part).ToJson());
                var check = Receipt.Read(_folder["part.receipt"]).Check(plant.Trust);
                Assert.Equal((null, conclusion.ToString(), LoggedPlant.Origin), (check.Wrong, check.Conclusion, check.SignedBy));
                Assert.NotNull(check.CosignedUtc);
                seen.Add(conclusion);
            }
        }

        Assert.True(seen.Count > 100, $"{seen.Count} parts");
        Assert.Contains(seen, c => c.IsOk);
        Assert.Contains(seen, c => c.Verdict == Verdict.Ng);
        Assert.Contains(seen, c => !c.IsDecided);
    }

    [Fact]
    public void Whatever_is_changed_in_one_it_proves_nothing_any_more()
    {
        var plant = LoggedPlant.Make(2, _keys);
        var parts = Concluded(plant).Select(p => p.Part).ToList();
        var receipts = parts.Select(p => Receipt.Of(plant, p)).ToList();
        var good = receipts.First(r => r.Records.Count > 2);
        var other = receipts.First(r => r.Checkpoint == good.Checkpoint && r.LeafIndex != good.LeafIndex);
        Assert.True(good.Check(plant.Trust).IsGood);
        foreach (var (what, changed) in new (string, Receipt)[]
        {
            ("another part's name", good with { Part = other.Part }),
            ("a name that is none", good with { Part = "left/1" }),
            ("another place", good with { Sequence = good.Sequence + 1 }),
            ("a record left out", good with { Records = [.. good.Records.Take(good.Records.Count - 1)] }),
            ("the first record left out", good with { Records = [.. good.Records.Skip(1)], Sequence = good.Sequence + 1 }),
            ("records in another order", good with { Records = [.. good.Records.Reverse()] }),
            ("a record that is no base64", good with { Records = ["?", .. good.Records.Skip(1)] }),
            ("a changed record", good with { Records = [Flipped(good.Records[0]), .. good.Records.Skip(1)] }),
            ("another leaf's beginning", good with { LeafFrom = good.LeafFrom + 1 }),
            ("a beginning below 1", good with { LeafFrom = 0 }),
            ("another leaf", good with { LeafIndex = other.LeafIndex }),
            ("no leaf", good with { LeafIndex = -1 }),
            ("another proof", good with { Proof = other.Proof }),
            ("no proof", good with { Proof = [] }),
            ("a short hash", good with { Proof = ["AAAA", .. good.Proof.Skip(1)] }),
            ("a text for a checkpoint", good with { Checkpoint = "signed, sealed, delivered" }),
            ("a checkpoint that says another size", good with { Checkpoint = good.Checkpoint.Replace("\n", "\n1", StringComparison.Ordinal) }),
        })
        {
            Assert.False(changed.Check(plant.Trust).IsGood, what);
        }
    }

    [Fact]
    public void It_proves_nothing_to_who_holds_another_key_or_asks_for_another_witness()
    {
        var plant = LoggedPlant.Make(3, _keys);
        var receipt = Receipt.Of(plant, Concluded(plant).First().Part);
        using var other = NoteSigner.Open(LoggedPlant.Origin, NoteKeyKind.Ed25519, NoteSigner.NewKey());
        using var stranger = NoteSigner.Open("witness.example/w2", NoteKeyKind.Cosignature, NoteSigner.NewKey());
        Assert.Contains("no signature by", receipt.Check(new LogTrust([other.Verifier], [], [])).Wrong, StringComparison.Ordinal);
        Assert.Contains("no signature by", receipt.Check(LogTrust.None).Wrong, StringComparison.Ordinal);
        Assert.Contains("no cosignature by witness.example/w2", receipt.Check(new LogTrust([_keys.Log.Verifier], [stranger.Verifier], [])).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_not_there_or_not_signed_yet_has_none_and_what_is_none_is_refused()
    {
        var plant = LoggedPlant.Make(4, _keys);
        Assert.Contains("was not concluded", Assert.Throws<ReceiptException>(() => Receipt.Of(plant, PartName.Parse("left/9999/1"))).Message, StringComparison.Ordinal);
        Assert.Contains("no line nowhere", Assert.Throws<ReceiptException>(() => Receipt.Of(plant, PartName.Parse("nowhere/1/1"))).Message, StringComparison.Ordinal);
        var last = Concluded(plant).Last(p => p.Part.Line.Value == "right").Part;
        plant.Log.RemoveRange(3, plant.Log.Count - 3); // one round only
        Assert.Contains("not under a checkpoint yet", Assert.Throws<ReceiptException>(() => Receipt.Of(plant, last)).Message, StringComparison.Ordinal);
        plant.Log.Clear();
        Assert.Contains("keeps no log", Assert.Throws<ReceiptException>(() => Receipt.Of(plant, last)).Message, StringComparison.Ordinal);

        foreach (var text in new[] { "", "null", "{}", "[1]", """{ "format": "inspection-receipt-9" }""", """{ "format": "inspection-receipt-1", "part": "a/1/1" }""" })
        {
            File.WriteAllText(_folder["none.receipt"], text);
            _ = Assert.Throws<ReceiptException>(() => Receipt.Read(_folder["none.receipt"]));
        }

        _ = Assert.Throws<ReceiptException>(() => Receipt.Read(_folder["nowhere.receipt"]));
    }

    private static string Flipped(string record)
    {
        var bytes = Convert.FromBase64String(record);
        bytes[bytes.Length / 2] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    private static IEnumerable<(PartName Part, Conclusion Conclusion)> Concluded(LoggedPlant plant) =>
        from line in plant.Lines
        from record in plant.Chain(line)
        from part in record.Event switch
        {
            PartConcluded e => [(new PartName(line, e.Key.Epoch, e.Key.Counter), e.Conclusion)],
            PartsFellBack e => Enumerable.Range((int)e.From, (int)(e.To - e.From + 1)).Select(c => (new PartName(line, e.Epoch, c), Conclusion.FellBack(e.Reason))),
            _ => Enumerable.Empty<(PartName, Conclusion)>(),
        }
        select part;
}
