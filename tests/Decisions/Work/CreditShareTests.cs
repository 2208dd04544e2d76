using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

public sealed class CreditShareTests
{
    [Theory]
    [InlineData(2, 1, new[] { 3 })]
    [InlineData(2, 2, new[] { 2, 1 })]
    [InlineData(4, 2, new[] { 3, 2 })]
    [InlineData(1, 4, new[] { 1, 1, 1, 1 })]
    [InlineData(0, 2, new[] { 0, 0 })]
    public void Credit_is_sessions_and_one_split_evenly_and_at_least_one_each(int sessions, int sensors, int[] shares) =>
        Assert.Equal(shares, Enumerable.Range(0, sensors).Select(i => CreditShare.Of(sessions, sensors, i)));

    [Fact]
    public void Credit_comes_back_one_by_one_as_answers_are_written()
    {
        var share = new CreditShare();
        Assert.Equal(3, share.Aim(3));
        Assert.Equal(0, share.Aim(3));
        Assert.Equal(1, share.Answered());
        Assert.Equal(1, share.Answered());
    }

    [Fact]
    public void A_smaller_share_is_reached_by_answers_and_a_larger_one_at_once()
    {
        var share = new CreditShare();
        Assert.Equal(3, share.Aim(3));
        Assert.Equal(0, share.Aim(1));
        Assert.Equal(0, share.Answered());
        Assert.Equal(0, share.Answered());
        Assert.Equal(1, share.Answered());
        Assert.Equal(1, share.Aim(2));
    }

    [Fact]
    public void An_answer_to_nothing_is_an_error() => Assert.Throws<InvalidOperationException>(() => new CreditShare().Answered());
}
