using Inspection.Decisions.Ledger;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Reviews, erasures (rule J10), and which frames a record names.</summary>
public sealed class PeopleTests
{
    private static readonly Digest _frame = Digest.Of("frame"u8);

    private readonly LedgerWorld _world = LedgerWorld.Ready();
    private readonly long _epoch;

    public PeopleTests() => _epoch = _world.Granted(Given.Back);

    [Theory]
    [InlineData(0.5f, false, false)]
    [InlineData(0.5f, true, true)]
    [InlineData(9f, false, true)]
    public void A_record_names_the_frame_of_a_part_that_is_not_OK_and_of_the_sample(float score, bool sampled, bool named)
    {
        Decide(1, score, sampled);
        var part = Assert.Single(_world.Journal.OfType<PartConcluded>());
        Assert.Equal(named ? _frame : Digest.None, part.Views[0].FrameDigest);
        Assert.Equal(named, FrameRetention.Keeps(part.Conclusion, sampled)); // what the station asks
    }

    [Fact]
    public void Late_evidence_names_its_frame()
    {
        _ = _world.Announce(Given.Back, _epoch, 1);
        _ = _world.Settle();
        _ = _world.Pass(Given.Recipe.DecisionDeadline);
        _ = _world.Settle();
        Submit(1, 0.5f, sampled: false);
        Assert.Equal(_frame, Assert.Single(_world.Journal.OfType<LateEvidence>()).FrameDigest);
    }

    [Fact]
    public void A_review_is_recorded_with_what_it_changes_and_the_first_record_stays()
    {
        Decide(1, 0.5f, sampled: false);
        _ = _world.Send(Review(1));
        Assert.IsType<LineReplies.ReviewRecorded>(Assert.Single(_world.Settle()));
        Assert.Equal(Conclusion.Decided(Verdict.Ok), Assert.Single(_world.Journal.OfType<PartReviewed>()).Before);
        _ = Assert.Single(_world.Journal.OfType<PartConcluded>());
    }

    [Fact]
    public void A_part_that_the_ledger_forgot_is_reviewed_with_what_the_journal_holds()
    {
        for (var counter = 1; counter <= StationState.RememberedConclusions + 5; counter++)
        {
            Decide(counter, 0.5f, sampled: false);
        }

        Refused(Review(1), "say what the journal holds");
        _ = _world.Send(Review(1) with { Before = Conclusion.Decided(Verdict.Ok) });
        Assert.IsType<LineReplies.ReviewRecorded>(Assert.Single(_world.Settle()));
    }

    [Fact]
    public void What_is_not_concluded_not_signed_or_told_wrong_is_refused()
    {
        _ = _world.Announce(Given.Back, _epoch, 1);
        _ = _world.Settle();
        Refused(Review(1) with { Before = Conclusion.Decided(Verdict.Ok) }, "not concluded");
        Submit(1, 0.5f, sampled: false);
        _ = _world.Settle();
        Refused(Review(2) with { Before = Conclusion.Decided(Verdict.Ok) }, "not concluded");
        Refused(Review(1) with { Before = Conclusion.Decided(Verdict.Ng) }, "was concluded as OK, not as NG");
        Refused(Review(1) with { By = " " }, "who");
        Refused(Review(1) with { Why = "" }, "why");
        Refused(Erase(2), "not concluded");
        Refused(Erase(1) with { Frame = Digest.None }, "no frame");
        Refused(Erase(1) with { By = "" }, "who");
        _ = _world.Send(Erase(1));
        Assert.IsType<LineReplies.FrameErasureRecorded>(Assert.Single(_world.Settle()));
        Assert.Equal(_frame, Assert.Single(_world.Journal.OfType<FrameErased>()).Frame);
    }

    [Fact]
    public void The_sample_is_drawn_by_the_digest_in_the_share_that_is_asked_for()
    {
        var frames = Enumerable.Range(0, 20_000).Select(i => Digest.Of(BitConverter.GetBytes(i))).ToList();
        Assert.All(frames, f => Assert.True(!FrameRetention.IsSampled(f, 0) && FrameRetention.IsSampled(f, 1)));
        Assert.InRange(frames.Count(f => FrameRetention.IsSampled(f, 0.1)), 1_850, 2_150);
    }

    private void Refused(ILineMessage command, string why) =>
        Assert.Contains(why, Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(command))).Reason, StringComparison.Ordinal);

    private LineCommands.ReviewPart Review(long counter) => new(Given.Line, Key(counter), Verdict.Ng, "anna", "scratched");

    private LineCommands.EraseFrame Erase(long counter) => new(Key(counter), Given.Top, _frame, "carla", "a person");

    private void Decide(long counter, float score, bool sampled)
    {
        _ = _world.Announce(Given.Back, _epoch, counter);
        _ = _world.Settle();
        Submit(counter, score, sampled);
        _ = _world.Settle();
    }

    private void Submit(long counter, float score, bool sampled)
    {
        _ = _world.Submit(Key(counter), Given.View(Given.Top, score) with { FrameDigest = _frame, FrameSampled = sampled });
        _ = _world.Settle();
    }

    private TriggerKey Key(long counter) => new(Given.Line, Given.Back, _epoch, counter);
}
