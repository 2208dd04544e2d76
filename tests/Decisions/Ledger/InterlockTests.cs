using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>A stop of the gate's interlock is journalled, outlives its epoch, and only a person with a name and a reason ends it.</summary>
public sealed class InterlockTests
{
    private readonly LedgerWorld _world = LedgerWorld.Ready();
    private readonly long _epoch;

    public InterlockTests() => _epoch = _world.Granted(Given.Back);

    [Fact]
    public void A_stop_is_answered_when_it_is_journalled_and_again_when_asked_again()
    {
        Assert.Empty(_world.Send(Stopped(0)));
        Assert.Equal(1, Assert.Single(_world.Settle().OfType<LineReplies.InterlockRecorded>().Distinct()).Changes);
        Assert.Equal(1, Assert.IsType<LineReplies.InterlockRecorded>(Assert.Single(_world.Send(Stopped(0)))).Changes);
        Assert.Equal(1, Assert.IsType<LineReplies.StationRenewed>(Assert.Single(_world.Renew(Given.Back, _epoch))).Interlock);
        _ = Assert.Single(_world.Journal.OfType<InterlockChanged>());
    }

    [Theory]
    [InlineData("", "mended")]
    [InlineData("dora", " ")]
    public void A_line_runs_again_only_by_a_name_and_a_reason(string by, string why)
    {
        _ = _world.Send(Stopped(0));
        _ = _world.Settle();
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(new LineCommands.ResumeStation(Given.Line, Given.Back, by, why))));
        Assert.Equal(1, _world.Ledger.Committed.Stations[Given.Back].Interlock);
    }

    [Fact]
    public void The_holder_hears_of_the_way_back_and_one_that_does_not_stand_cannot_be_resumed()
    {
        _ = _world.Send(Stopped(0));
        _ = _world.Settle();
        _ = _world.Send(new LineCommands.ResumeStation(Given.Line, Given.Back, "dora", "mended"));
        Assert.Equal([2L, 2L], _world.Settle().OfType<LineReplies.InterlockRecorded>().Select(r => r.Changes)); // who asked, and the station
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(new LineCommands.ResumeStation(Given.Line, Given.Back, "dora", "again"))));
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(new LineCommands.ResumeStation(Given.Line, new StationId("nowhere"), "dora", "why"))));
    }

    [Fact]
    public void The_next_holder_and_the_next_supervisor_know_that_the_line_stands()
    {
        _ = _world.Send(Stopped(0));
        _ = _world.Settle();
        _world.Crash(committed: true, snapshotAt: _world.Journal.Count - 1);
        _ = _world.Acquire(Given.Back, incarnation: "i1");
        Assert.Equal(1, Assert.Single(_world.Settle().OfType<LineReplies.StationGranted>()).Interlock);
        Assert.IsType<LineReplies.StaleEpoch>(Assert.Single(_world.Send(Stopped(0)))); // of the epoch before
    }

    private LineCommands.ReportStopped Stopped(long changes) => new(Given.Line, Given.Back, _epoch, changes, "20 parts in a row had no verdict");
}
