using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Tests;

/// <summary>Failing histories that somebody thought of, each as a scene: leases, epochs, gates and the journal.</summary>
public sealed class NamedHistories
{
    private static readonly PlantShape Long = Scene.Usual with { FaultsUntil = TimeSpan.FromSeconds(20), TriggersUntil = TimeSpan.FromSeconds(21) };

    [Fact]
    public void Nothing_happens_and_nothing_falls_back()
    {
        var scene = new Scene().Play();
        scene.Works(0, 6.9);
        Assert.True(scene.Parts.Count() > 60);
        Assert.Single(scene.Epochs());
    }

    [Fact]
    public void A_node_dies_with_parts_on_the_belt_and_epoch_2_begins_on_another()
    {
        var scene = new Scene().At(3, p => p.Crash(Holder(p), TimeSpan.FromSeconds(10))).Play();
        var epochs = scene.Epochs();
        Assert.Equal(2, epochs.Count);
        Assert.NotEqual(epochs[0].Holder, epochs[1].Holder);
        Assert.Equal(EpochTail.Unknown, epochs[0].Tail);
        var inTransit = scene.Stamped(2, 3);
        Assert.True(inTransit.Count >= 9);
        Assert.DoesNotContain(inTransit, p => p.Passed); // the belt moved on, and nobody was at the ejector (rule G1)
        Assert.Contains(scene.Parts, p => p.Key.Epoch == epochs[1].Number && p.Key.Counter == 1); // rule S4: counted anew
        Assert.Contains(scene.Parts, p => p.Key.Epoch == epochs[1].Number && p.Passed);
    }

    [Fact] // rule G3
    public void A_gate_restarts_with_parts_in_transit()
    {
        var scene = new Scene(Scene.Alone).At(3, p => p.Crash(Holder(p), TimeSpan.FromMilliseconds(150))).Play();
        Assert.Equal(2, scene.Epochs().Count);
        Assert.DoesNotContain(scene.Stamped(2, 3), p => p.Passed);
        scene.Works(4.5, 6.9);
    }

    [Fact] // rule L2: two gates acting at once
    public void A_holder_is_cut_off_and_the_station_moves_and_never_do_two_gates_act()
    {
        var scene = new Scene().At(2, p => CutOff(p, Holder(p), TimeSpan.FromSeconds(20))).Play();
        var epochs = scene.Epochs();
        Assert.True(epochs.Count >= 2);
        Assert.NotEqual(epochs[0].Holder, epochs[1].Holder);
        var last = scene.Parts.Where(p => p.Key.Epoch == epochs[0].Number && p.Passed).Max(p => p.ArrivesAt);
        var first = scene.Parts.Where(p => p.Key.Epoch == epochs[1].Number).Min(p => p.StampedAt);
        Assert.True(last < first, $"the gate of epoch 1 passed until {last}, and epoch 2 began at {first}");
        Assert.True(last < TimeSpan.FromSeconds(4.1), $"the cut-off gate still passed at {last}");
        Assert.Contains(scene.Parts, p => p.Key.Epoch == epochs[1].Number && p.Passed);
    }

    [Fact]
    public void Holder_and_lessor_disagree_about_a_lease()
    {
        // the lessor hears every renewal, and none of its answers arrives
        var scene = new Scene()
            .At(2, p => p.Network.Loses = (_, _, m) => m is LineReplies.StationRenewed)
            .At(5, p => p.Network.Loses = null)
            .Play();
        Assert.Single(scene.Epochs()); // nobody else gets the station
        Assert.DoesNotContain(scene.Stamped(4.1, 5), p => p.Passed); // and the holder, who cannot know that, passes nothing
        Assert.All(scene.Stamped(4.1, 5), p => Assert.Equal(Conclusion.FellBack(FallbackReason.SupervisorUnavailable), scene.Of(p)));
        scene.Works(5.6, 6.9);
    }

    [Fact] // rule L2: a purge after every supervisor failover
    public void A_supervisor_fails_over_three_times_while_one_holder_keeps_its_epoch()
    {
        var scene = new Scene(Long);
        var hosts = new List<string>();
        foreach (var at in new[] { 2.0, 8.0, 14.0 })
        {
            _ = scene.At(at, p =>
            {
                hosts.Add(p.Supervisors.Host.Name);
                p.Crash(p.Supervisors.Host, TimeSpan.FromSeconds(30));
            });
        }

        // each is away until all is healed, so that two of three go one after the other and come back
        _ = scene.At(7.5, p => p.Restart(p.Named(hosts[0]))).At(13.5, p => p.Restart(p.Named(hosts[1]))).Play();
        Assert.True(hosts[0] != hosts[1] && hosts[1] != hosts[2], string.Join(", ", hosts));
        Assert.Single(scene.Epochs());
        Assert.Equal(0, scene.Plant.Belts.Parts.Count - scene.Plant.Auditor.Accepted);
        scene.Works(19.5, 19.9);
    }

    [Fact] // rule L3
    public void An_outage_that_nobody_counts_looks_like_conservation()
    {
        var scene = new Scene(Scene.Alone with { Supervisors = 1 }).At(2, p => p.Crash(p.Supervisors.Host, TimeSpan.FromSeconds(3.5))).Play();
        Assert.Single(scene.Epochs());
        Assert.True(scene.Count(FallbackReason.SupervisorUnavailable) >= 10, $"{scene.Count(FallbackReason.SupervisorUnavailable)} parts fell back for want of a supervisor");
        Assert.Equal(scene.Parts.Count(), scene.Plant.Auditor.Accepted); // every one is in the journal
        scene.Works(5.9, 6.9);
    }

    [Fact]
    public void A_recovered_supervisor_meets_parts_that_were_diverted_long_ago()
    {
        var scene = new Scene(Long).At(2, p => p.Crash(p.Journal.Node, TimeSpan.FromSeconds(3))).Play();
        var diverted = scene.Stamped(2, 4);
        Assert.True(diverted.Count >= 15);
        Assert.DoesNotContain(diverted, p => p.Passed);
        Assert.All(diverted, p => Assert.True(scene.Of(p) is { IsOk: false }, $"{p.Key} went by, and is {scene.Of(p)}"));
        scene.Works(8, 19.9);
    }

    [Fact]
    public void Sensor_and_supervisor_die_with_triggers_announced_and_not_journalled()
    {
        var scene = new Scene(Scene.Alone)
            .At(2, p => p.Journal.Stall(TimeSpan.FromSeconds(1)))
            .At(2.5, p =>
            {
                p.Crash(Holder(p), TimeSpan.FromMilliseconds(300));
                p.Crash(p.Supervisors.Host, TimeSpan.FromMilliseconds(500));
                p.Crash(p.Journal.Node, TimeSpan.FromMilliseconds(400));
            })
            .Play();
        Assert.Equal(EpochTail.Unknown, scene.Epochs()[0].Tail);
        Assert.True(scene.Plant.Belts.Parts.Count - scene.Plant.Auditor.Accepted >= 3, "no part was lost in a tail: the scene did not happen");
        Assert.DoesNotContain(scene.Stamped(2, 2.5), p => p.Passed);
    }

    [Fact]
    public void The_journal_stalls_for_4_seconds_while_renewals_wait()
    {
        var scene = new Scene().At(2, p => p.Journal.Stall(TimeSpan.FromSeconds(4))).Play();
        Assert.Single(scene.Epochs()); // rule V4: no lease ends while a write is overdue, though another node asks for it all the time
        Assert.DoesNotContain(scene.Stamped(2.1, 4), p => p.Passed);
        Assert.Equal(scene.Parts.Count(), scene.Plant.Auditor.Accepted);
    }

    [Fact]
    public void An_OK_is_committed_and_the_node_dies_before_the_pulse()
    {
        Part? part = null;
        var scene = new Scene(Scene.Alone);
        _ = scene.At(3, p =>
        {
            part = scene.Parts.First(x => x.ArrivesAt > p.Now && scene.Of(x) is { IsOk: true });
            p.Crash(Holder(p), TimeSpan.FromMilliseconds(100));
        }).Play();
        Assert.False(part!.Passed);
        Assert.True(scene.Of(part) is { IsOk: true }); // the verdict stands; the part was diverted
        Assert.True(scene.Epochs()[0].Acted < part.Key.Counter); // and the journal says that the act is unknown (rule J4)
    }

    [Fact]
    public void A_commit_whose_reply_is_lost_is_found_again_and_not_decided_twice()
    {
        var scene = new Scene(Long).At(2, p => p.Journal.LoseReplies = 1).At(7, p => p.Journal.LoseReplies = 1).Play();
        Assert.Single(scene.Epochs());
        Assert.Equal(scene.Parts.Count(), scene.Plant.Auditor.Accepted);
        scene.Works(11.5, 19.9);
    }

    [Fact]
    public void A_zombie_goes_on_after_its_line_has_moved()
    {
        var scene = new Scene(Long);
        string? zombie = null;
        _ = scene.At(2, p =>
        {
            zombie = p.Supervisors.Host.Name;
            p.Pause(p.Supervisors.Host, TimeSpan.FromSeconds(4.5));
        }).Play();
        Assert.NotEqual(zombie, scene.Plant.Supervisors.Host.Name);
        Assert.Equal(scene.Parts.Count(), scene.Plant.Auditor.Accepted);
        scene.Works(11, 19.9);
    }

    private static Engine.Node Holder(Plant plant) => plant.Named(plant.Auditor.Current(plant.Shape.Stations[0].Station)!.Holder.Value);

    private static void CutOff(Plant plant, Engine.Node node, TimeSpan time)
    {
        foreach (var other in plant.Nodes.Where(n => n.Name.StartsWith("supervisor", StringComparison.Ordinal)))
        {
            plant.Network.Cut(node, other, time);
            plant.Network.Cut(other, node, time);
        }
    }
}
