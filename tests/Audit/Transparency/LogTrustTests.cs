using Inspection.Audit.Bundles;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>What an auditor brings along decides what a bundle must show.</summary>
public sealed class LogTrustTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly AuditKeys _keys = new();
    private readonly NoteSigner _other = NoteSigner.Open("witness.example/w2", NoteKeyKind.Cosignature, NoteSigner.NewKey());

    public void Dispose()
    {
        _other.Dispose();
        _keys.Dispose();
        _folder.Dispose();
    }

    /// <summary>Else a tamperer would take the log away and be believed.</summary>
    [Fact]
    public void A_log_that_was_taken_away_is_a_finding_for_whoever_holds_any_key()
    {
        var plant = LoggedPlant.Make(3, _keys);
        plant.Log.Clear();
        Assert.True(JournalVerifier.Verify(plant, new([], [], [], Partial: true)).IsGood);
        foreach (var trust in (LogTrust[])[new([_keys.Log.Verifier], [], []), new([], [_keys.Witness.Verifier], []), new([], [], plant.Trust.Held)])
        {
            Assert.Equal(FindingKind.Log, Assert.Single(JournalVerifier.Verify(plant, trust).Findings).Kind);
        }
    }

    [Fact]
    public void Each_given_witness_must_have_cosigned_the_last_checkpoint()
    {
        var plant = LoggedPlant.Make(4, _keys);
        Assert.True(JournalVerifier.Verify(plant, new([_keys.Log.Verifier], [_keys.Witness.Verifier], [])).IsGood);
        var report = JournalVerifier.Verify(plant, new([_keys.Log.Verifier], [_keys.Witness.Verifier, _other.Verifier], []));
        Assert.Equal((FindingKind.Witness, 0), (Assert.Single(report.Findings).Kind, report.Log!.Cosigned));
        Assert.Contains("witness.example/w2", report.First!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_left_out_or_cut_off_is_a_finding_unless_a_part_was_asked_for()
    {
        var plant = LoggedPlant.Make(5, _keys);
        var filter = ExportFilter.Everything with { Lines = new HashSet<LineId> { new("left") } };
        _ = BundleExporter.Export(plant, _folder["one"], "tested", filter, TimeProvider.System);
        using var bundle = BundleReader.Open(_folder["one"]);
        var finding = Assert.Single(JournalVerifier.Verify(bundle, plant.Trust).Findings);
        Assert.Equal((FindingKind.Log, "right"), (finding.Kind, finding.Line));
        Assert.True(JournalVerifier.Verify(bundle, plant.Trust with { Partial = true }).IsGood);
    }

    [Fact]
    public void Reviews_and_late_evidence_of_another_line_are_findings()
    {
        var story = Story.Whole();
        var other = new TriggerKey(new LineId("other"), Story.Station, 1, 1);
        _ = story.Tell(new PartReviewed(1, other, default, Verdict.Ok, "ben", "why")).Tell(new LateEvidence(2, other, Story.Top, ViewOutcome.Scored, 0.1f));
        using var journal = new StoryJournal(story);
        Assert.Equal(2, JournalVerifier.Verify(journal).Findings.Count(f => f.What.Contains("of another line", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_manifest_that_is_a_link_is_refused()
    {
        _ = BundleExporter.Export(LoggedPlant.Make(6, _keys), _folder["linked"], "tested", ExportFilter.Everything, TimeProvider.System);
        File.Move(Path.Combine(_folder["linked"], "manifest.json"), _folder["elsewhere.json"]);
        _ = File.CreateSymbolicLink(Path.Combine(_folder["linked"], "manifest.json"), _folder["elsewhere.json"]);
        Assert.Contains("is a link", Assert.Throws<BundleException>(() => BundleReader.Open(_folder["linked"])).Message, StringComparison.Ordinal);
    }
}
