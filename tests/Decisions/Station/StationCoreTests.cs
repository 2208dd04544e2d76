using Inspection.Decisions.Gate;
using Inspection.Decisions.Station;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Station;

/// <summary>What a station does on what it hears (rules S3, L2, L3, J2, P8); how it sends again is <see cref="StationWindowTests"/>.</summary>
public sealed class StationCoreTests : IStationShell
{
    private readonly List<string> _did = [];
    private readonly List<ILineMessage> _told = [];
    private readonly StationCore _core;
    private TimeSpan _now = TimeSpan.FromMinutes(1);
    private int _incarnations;
    private int _slots = int.MaxValue;
    private int _parts = int.MaxValue;

    public StationCoreTests() => _core = Core(10, mostCounted: 5);

    bool IStationShell.HasSlots => _slots > 0;

    [Fact]
    public void An_answer_to_an_earlier_request_does_not_close_the_devices_of_a_station_that_got_it()
    {
        Grant(1);
        _core.On(new LineReplies.StationRefused(Given.Line, Given.Front, "leased to another", TimeSpan.Zero), _now);
        Assert.DoesNotContain("close", _did);
        Fence(1);
        _core.On(new LineReplies.StationRefused(Given.Line, Given.Front, "leased to another", TimeSpan.Zero), _now);
        Assert.Contains("close", _did);
    }

    [Fact]
    public void A_lost_epoch_is_asked_for_under_another_name_and_all_is_diverted()
    {
        Grant(1);
        Fence(1);
        Assert.Contains("gate Fence", _did);
        Assert.Equal(["i1", "i2"], _told.OfType<LineCommands.AcquireStation>().Select(a => a.Incarnation).Distinct());
    }

    [Fact]
    public void A_grant_that_answers_a_request_of_long_ago_is_followed_by_another_request_at_once()
    {
        _core.Tick(_now);
        _now += TimeSpan.FromSeconds(5);
        _core.On(new LineReplies.StationGranted(Given.Line, Given.Front, 1, "", TimeSpan.FromSeconds(2), 1), _now);
        Assert.False(_core.Window.HoldsLease(_now));
        Assert.Equal(1, _told.OfType<LineCommands.RenewStation>().Single().Epoch);
    }

    [Fact]
    public void Without_its_lease_it_counts_and_does_not_inspect_and_beyond_a_bound_it_lets_its_epoch_go()
    {
        Grant(1);
        _now += TimeSpan.FromSeconds(2);
        for (var i = 0; i < 3; i++)
        {
            _core.Window.ClosedRange(1, 1, long.MaxValue); // as if somebody still concluded
            Pace();
        }

        Assert.DoesNotContain(_did, d => d.StartsWith("expose", StringComparison.Ordinal));
        Assert.Contains("note GaveUp { Reason = SupervisorUnavailable }", _did);
        _now += TimeSpan.FromSeconds(1);
        Pace();
        Assert.Equal((0L, 0), (_core.Window.Epoch, _core.Window.Open)); // promise P8
        Assert.Contains("gate Fence", _did);
    }

    [Fact]
    public void While_the_line_stands_nothing_is_triggered_and_what_was_missed_is_not_made_up_for()
    {
        Grant(1);
        _core.Halted(true, _now);
        Pace();
        _now += TimeSpan.FromSeconds(1);
        Pace();
        Assert.Equal(0, _core.Window.LastCounter);
        _core.Halted(false, _now);
        Pace();
        Assert.InRange(_core.Window.LastCounter, 1, 2);
    }

    [Fact]
    public void A_line_that_stood_when_its_station_was_granted_stands_before_the_gate_has_said_so()
    {
        var pulled = Core(null);
        pulled.Tick(_now);
        pulled.On(new LineReplies.StationGranted(Given.Line, Given.Front, 1, "", TimeSpan.FromSeconds(2), 1, Interlock: 3), _now);
        pulled.Tick(_now);
        Assert.Equal(0, pulled.Window.LastCounter);
        pulled.Halted(false, _now);
        Assert.Equal(pulled.Window.Options.Window, pulled.Window.LastCounter);
    }

    [Fact] // promise P8
    public void A_pulled_source_waits_behind_a_part_whose_conclusion_was_lost()
    {
        var pulled = Core(null);
        pulled.Tick(_now);
        pulled.On(new LineReplies.StationGranted(Given.Line, Given.Front, 1, "", TimeSpan.FromSeconds(2), 1), _now);
        for (var counter = 2; counter < 100; counter++)
        {
            pulled.On(new LineReplies.PartClosed(new TriggerKey(Given.Line, Given.Front, 1, counter), Conclusion.Decided(Verdict.Ok), Disposition.Pass, ""), _now);
        }

        Assert.Equal(1 + (4 * pulled.Window.Options.Window), pulled.Window.LastCounter);
    }

    [Fact]
    public void A_full_ring_sheds_a_paced_trigger_and_holds_back_a_pulled_one()
    {
        Grant(1);
        _slots = 0;
        Pace();
        Assert.Equal((1L, true), (_core.Window.LastCounter, _did.Contains("note GaveUp { Reason = Shed }")));

        var pulled = Core(null);
        pulled.Tick(_now);
        pulled.On(new LineReplies.StationGranted(Given.Line, Given.Front, 1, "", TimeSpan.FromSeconds(2), 1), _now);
        Assert.Equal(0, pulled.Window.LastCounter);
    }

    [Fact]
    public void At_the_end_of_its_source_it_drains_its_gate_and_releases_and_asks_again_until_it_is_answered()
    {
        _parts = 0;
        Grant(1);
        Pace();
        Assert.Equal("gate Drain", _did[^1]);
        _core.Drained(1, _now);
        Assert.Equal(0, _told.OfType<LineCommands.ReleaseStation>().Single().Last);
        _now += TimeSpan.FromSeconds(1);
        _core.Tick(_now);
        Assert.Equal(2, _did.Count(d => d == "gate Drain"));
        _core.On(new LineReplies.StationReleased(Given.Line, Given.Front, 1), _now);
        _core.On(new LineReplies.StationReleased(Given.Line, Given.Front, 1), _now);
        Assert.Single(_did, d => d == "finished");
    }

    [Fact]
    public void A_conclusion_whose_verdict_is_lost_is_not_OK_for_the_gate()
    {
        Grant(1);
        Pace();
        _core.On(new LineReplies.AlreadyConcluded(new TriggerKey(Given.Line, Given.Front, 1, 1)), _now);
        Assert.Contains("concluded Fallback(Deadline)", _did);
        Assert.Contains("gate Closed", _did);
    }

    string? IStationShell.NextAfter(string externalId) => _parts-- > 0 ? externalId + "x" : null;

    string IStationShell.NewIncarnation() => $"i{++_incarnations}";

    void IStationShell.OpenDevices() => _did.Add("open");

    void IStationShell.CloseDevices() => _did.Add("close");

    void IStationShell.Tell(ILineMessage message) => _told.Add(message);

    void IStationShell.Tell(GateInput input) => _did.Add($"gate {input.GetType().Name}");

    void IStationShell.Expose(TriggerKey key, string externalId, TimeSpan deadlineAt) => _did.Add($"expose {key.Counter}");

    void IStationShell.Concluded(TriggerKey key, Conclusion conclusion) => _did.Add($"concluded {conclusion}");

    void IStationShell.ConclusionsLost() => _did.Add("conclusions lost");

    void IStationShell.Finished(long triggers) => _did.Add("finished");

    void IStationShell.Note(StationNote note) => _did.Add($"note {note}");

    private StationCore Core(double? perSecond, int mostCounted = 100) =>
        new(Given.Line, Given.Front, Given.NodeA, new StationOptions { DecisionDeadline = Given.Deadline, Window = 4, MostCounted = mostCounted }, perSecond, this);

    private void Grant(long epoch)
    {
        _core.Tick(_now);
        _core.On(new LineReplies.StationGranted(Given.Line, Given.Front, epoch, "", TimeSpan.FromSeconds(2), 1), _now);
        Assert.True(_core.Window.HoldsLease(_now));
    }

    private void Fence(long epoch) => _core.On(new LineReplies.StaleEpoch(Given.Line, Given.Front, epoch, epoch + 1), _now);

    /// <summary>One trigger is due.</summary>
    private void Pace()
    {
        _core.Pace(_now);
        _now += TimeSpan.FromMilliseconds(100);
    }
}
