using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Tests;

/// <summary>Failing histories that somebody thought of, each as a scene: cameras, work and evidence. Each camera's score of each part is unique, so
/// that a neighbour's picture breaks the scene.</summary>
public sealed class NamedFrameHistories
{
    [Fact] // rule S4
    public void Two_stations_count_alike_and_their_parts_are_not_mixed_up()
    {
        var pack = new StationShape(new StationId("pack"), [new CameraId("lid")], 10, [0, 1]);
        var scene = new Scene(Scene.Usual with { Stations = [Scene.Usual.Stations[0], pack] }).Play();
        var counters = scene.Parts.ToLookup(p => p.Key.Counter);
        Assert.True(counters.Count(c => c.Count() == 2) > 50, "the stations did not count alike");
        Assert.Equal(2, scene.Plant.Auditor.Epochs.Count);
        scene.Works(0, 6.9);
    }

    [Fact] // rule S4: a camera restart that repeats numbers
    public void One_camera_of_a_two_camera_station_restarts_and_counts_from_1_again()
    {
        var scene = new Scene().At(3, p => Camera(p, 1).Restart(TimeSpan.FromMilliseconds(450))).Play();
        Assert.Single(scene.Epochs()); // a device reset opens no epoch
        Assert.All(scene.Stamped(3, 3.4), p => Assert.True(scene.Of(p) is { IsOk: false }));
        Assert.InRange(scene.Count(FallbackReason.LostAtSource), 2, 7);
        scene.Works(3.7, 6.9);
    }

    [Fact] // rule S5
    public void One_camera_misses_a_trigger_and_no_later_part_gets_its_neighbours_picture()
    {
        var scene = new Scene().At(3, p => Camera(p, 0).MissesNext = true).Play();
        Assert.Equal(2, scene.Count(FallbackReason.LostAtSource)); // the one that was missed, and the next one, until two frames agree
        Assert.Single(scene.Epochs());
        scene.Works(3.4, 6.9);
    }

    [Fact] // rule S5
    public void A_camera_gives_a_frame_that_nobody_asked_for()
    {
        var scene = new Scene().At(3.05, p => Camera(p, 0).Extra()).Play();
        Assert.Equal(1, scene.Count(FallbackReason.LostAtSource));
        scene.Works(3.4, 6.9);
    }

    [Fact] // rule W2
    public void A_healthy_but_slow_model_is_not_offered_again_for_ever()
    {
        var scene = new Scene(Scene.Alone with { Workers = [10], Deadline = TimeSpan.FromSeconds(3), Stations = [Scene.Alone.Stations[0] with { Travel = TimeSpan.FromSeconds(4) }] });
        _ = scene.At(2, p => p.Workers[0].Slowdown = 60).Play(); // 0.6 s a frame: slower than any lease
        var counts = scene.Plant.Sensors[0].Leases.Counts;
        Assert.True(counts.Reoffers <= 2 + (counts.Offers / 10), $"{counts.Reoffers} of {counts.Offers} offers were made again");
        Assert.True(counts.Answered > 40, $"only {counts.Answered} frames were answered");
    }

    [Fact] // rule W3
    public void An_expired_lease_answers_after_its_slot_was_filled_again()
    {
        var scene = new Scene(Scene.Alone).At(2, p => p.Pause(p.Workers[0].Node, TimeSpan.FromSeconds(2.5))).Play();
        var counts = scene.Plant.Sensors[0].Leases.Counts;
        Assert.True(counts.Expirations > 0 && counts.Duplicates + counts.Stale > 0, $"nothing answered late: {counts}"); // and no score is another part's
    }

    [Fact] // rule W3
    public void One_frozen_worker_does_not_exhaust_the_ring()
    {
        var scene = new Scene(Scene.Alone).At(2, p => p.Pause(p.Workers[0].Node, TimeSpan.FromSeconds(4.5))).Play();
        Assert.Equal(0, scene.Count(FallbackReason.Shed));
        scene.Works(3, 6.4); // the other one does the work
    }

    [Fact] // rule W8
    public void The_supervisor_dies_after_acknowledging_evidence_that_only_it_held()
    {
        // the acknowledgement arrives, the conclusion never leaves: it dies in between, each time a part has one of its two views
        var slow = Scene.Alone with { Deadline = TimeSpan.FromSeconds(6), Stations = [Scene.Alone.Stations[0] with { Travel = TimeSpan.FromSeconds(7), Window = 60 }] };
        var acknowledged = 0;
        var scene = new Scene(slow);
        _ = scene.At(2, p => p.Network.Loses = (_, _, m) =>
        {
            if (m is LineReplies.EvidenceReceived && acknowledged++ == 0)
            {
                p.At(TimeSpan.FromMilliseconds(2), null, () => p.Crash(p.Supervisors.Host, TimeSpan.FromMilliseconds(300)));
            }

            return m is LineReplies.PartClosed && p.Now < TimeSpan.FromSeconds(2.1);
        }).Play();
        Assert.True(acknowledged > 0);
        Assert.All(scene.Stamped(0, 5), p => Assert.True(scene.Of(p) is { IsDecided: true }, $"{p.Key} is {scene.Of(p)}"));
    }

    [Fact] // rule V7
    public void A_duplicate_arrives_after_the_ledger_forgot_the_part()
    {
        var fast = new StationShape(new StationId("press"), [new CameraId("top")], null, [0]) { Window = 16 };
        var scene = new Scene(Scene.Alone with { Stations = [fast], Workers = [1, 1, 1], LocalWorkers = true, FaultsUntil = TimeSpan.FromSeconds(30), TriggersUntil = TimeSpan.FromSeconds(31) });
        var said = new List<ILineMessage>();
        Part? old = null;
        var before = 0;
        _ = scene.At(29, p =>
        {
            old = scene.Parts.MinBy(x => x.Number)!;
            before = p.Auditor.Closed;
            p.Operator.Listens = said.Add;
            var evidence = new ViewEvidence { Camera = new CameraId("top"), Outcome = ViewOutcome.Unreadable };
            p.Supervisors.Line!.Receive(new LineCommands.SubmitEvidence(old.Key, evidence), p.Operator);
            p.Supervisors.Line.Receive(new LineCommands.AnnounceTriggers(PlantShape.Line, old.Key.Station, old.Key.Epoch, 1, ["p1"], [TimeSpan.FromSeconds(1)]), p.Operator);
        }).Play();
        Assert.True(before > 1100, $"only {before} parts were concluded by then");
        Assert.Equal(2, said.Count(m => m is LineReplies.AlreadyConcluded x && x.Key == old!.Key)); // without a verdict; and no second record, else P2 breaks
    }

    [Fact] // rule W7
    public void An_overload_meets_an_unverified_candidate()
    {
        var scene = new Scene(Scene.Alone with { Workers = [20] }).At(2, p => p.Workers[0].Slowdown = 6).At(6.5, p => p.Workers[0].Slowdown = 1).Play();
        Assert.True(scene.Plant.Belts.Unverified > 0, "every candidate was verified: that was no overload");
        Assert.True(scene.Count(FallbackReason.Shed) > 5);
        Assert.Contains(scene.Stamped(2, 6.5), p => scene.Of(p) is { IsDecided: true }); // it sheds, and does not collapse
    }

    [Fact]
    public void Another_model_takes_over_while_frames_are_under_way_and_before_the_line_knows_it()
    {
        var scene = new Scene(Scene.Alone)
            .At(2, p => p.Sensors[0].Package = p.Models.Coarse[1].ModelDigest)
            .At(4, p => p.Operator.Activate(p.Models.Coarse[1]))
            .Play();
        Assert.All(scene.Stamped(3.5, 4), p => Assert.Equal(Conclusion.FellBack(FallbackReason.NoModel), scene.Of(p))); // promise P4: not approved yet
        scene.Works(4.5, 6.9);
    }

    private static CameraDevice Camera(Plant plant, int index) => plant.Sensors.SelectMany(s => s.Stations).First(s => s.Cameras.Count > 0).Cameras[index];
}
