using Inspection.Decisions.Station;

namespace Inspection.Decisions.Tests.Station;

/// <summary>Rule S5: which trigger a frame belongs to.</summary>
public sealed class FrameJoinTests
{
    private readonly FrameJoin _join = new(4);

    [Fact]
    public void A_frame_joins_the_trigger_whose_window_holds_it()
    {
        Expose(7, 0);
        Assert.Equal(new FrameFate(7, ""), _join.Frame(100, Ms(5)));
        Expose(8, 100);
        Assert.Equal(new FrameFate(8, ""), _join.Frame(101, Ms(110)));
    }

    [Fact]
    public void A_camera_that_misses_a_trigger_loses_it_and_the_next_one_until_two_frames_agree()
    {
        Expose(1, 0);
        Assert.True(_join.Frame(1, Ms(5)).Joins);
        Expose(2, 100); // missed
        Assert.Null(_join.Overdue(Ms(110)));
        Assert.Equal(2, _join.Overdue(Ms(111))!.Value.Counter);
        Expose(3, 200);
        var third = _join.Frame(2, Ms(205));
        Assert.Equal(3, third.Counter);
        Assert.Contains("1 frames where there were 2 exposures", third.Lost, StringComparison.Ordinal);
        Expose(4, 300);
        Assert.True(_join.Frame(3, Ms(305)).Joins);
    }

    [Fact]
    public void A_device_that_counts_from_the_start_again_joins_by_the_window_alone()
    {
        Expose(1, 0);
        Assert.True(_join.Frame(5000, Ms(5)).Joins);
        Expose(2, 100);
        Assert.True(_join.Frame(1, Ms(105)).Joins);
        Expose(3, 200);
        Assert.True(_join.Frame(2, Ms(205)).Joins);
    }

    [Fact]
    public void A_frame_of_no_window_or_of_two_belongs_to_nobody_and_the_steps_after_it_disagree_once()
    {
        Expose(1, 0);
        Assert.True(_join.Frame(1, Ms(5)).Joins);
        Assert.Equal(0, _join.Frame(2, Ms(50)).Counter);
        Expose(2, 100);
        Assert.Equal((2L, false), (_join.Frame(3, Ms(105)) is var f ? f.Counter : 0, f.Joins));
        _join.Exposed(3, Ms(200), Ms(250));
        _join.Exposed(4, Ms(240), Ms(290));
        Assert.Contains("two triggers", _join.Frame(4, Ms(245)).Lost, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trigger_that_was_given_up_exposes_nothing_and_a_new_epoch_begins_afresh()
    {
        Expose(1, 0);
        Assert.True(_join.Frame(1, Ms(5)).Joins);
        Expose(9, 100); // 2 to 8 were shed
        Assert.True(_join.Frame(2, Ms(105)).Joins);
        Expose(10, 200);
        _join.Begin();
        Assert.Equal(0, _join.Waiting);
        Expose(1, 300);
        Assert.True(_join.Frame(77, Ms(305)).Joins);
    }

    [Fact]
    public void No_more_wait_than_there_is_room_for()
    {
        for (var i = 1; i <= 4; i++)
        {
            Expose(i, i * 100);
        }

        Assert.Throws<InvalidOperationException>(() => Expose(5, 500));
    }

    private void Expose(long counter, int at) => _join.Exposed(counter, Ms(at), Ms(at + 10));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
