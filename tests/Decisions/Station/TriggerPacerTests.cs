using FsCheck.Xunit;
using Inspection.Decisions.Station;

namespace Inspection.Decisions.Tests.Station;

/// <summary>Rule S3: a paced source keeps its rate, as parts on a belt do.</summary>
public sealed class TriggerPacerTests
{
    [Property(MaxTest = 300)]
    public void The_rate_holds_over_any_stall(byte[] gaps, byte rate)
    {
        var perSecond = 1 + (rate % 50);
        var pacer = new TriggerPacer(perSecond);
        var (now, issued) = (TimeSpan.FromSeconds(5), 0);
        var start = now;
        issued += pacer.Due(now);
        Assert.Equal(1, issued);
        foreach (var gap in gaps)
        {
            now += TimeSpan.FromMilliseconds(gap * gap / 7.0);
            issued += pacer.Due(now);
            issued += pacer.Due(now); // what was due counts as issued: asking twice gives nothing twice
            Assert.InRange(issued - 1 - ((now - start).TotalSeconds * perSecond), -1.01, 0.01);
        }
    }

    [Fact]
    public void While_the_belt_stands_nothing_becomes_due()
    {
        var pacer = new TriggerPacer(10);
        Assert.Equal(1, pacer.Due(TimeSpan.Zero));
        for (var ms = 0; ms < 1000; ms += 50)
        {
            pacer.Rest(TimeSpan.FromMilliseconds(ms));
        }

        Assert.Equal(1, pacer.Due(TimeSpan.FromMilliseconds(1000)));
        Assert.Equal(0, pacer.Due(TimeSpan.FromMilliseconds(1040)));
    }

    [Fact]
    public void A_rest_gives_no_part_before_its_turn()
    {
        var pacer = new TriggerPacer(10);
        Assert.Equal(1, pacer.Due(TimeSpan.Zero));
        pacer.Rest(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, pacer.Due(TimeSpan.FromMilliseconds(99)));
        Assert.Equal(1, pacer.Due(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void A_pulled_source_has_no_pace() => Assert.Equal(0, new TriggerPacer(null).Due(TimeSpan.FromHours(1)));
}
