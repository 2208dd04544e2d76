using Akka.Actor;
using Grpc.Core;
using Inspection.Decisions.Work;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using Xunit;
using ViewOutcome = Inspection.Protocol.ViewOutcome;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Streams that break, freeze, come late or lie, over real gRPC (rules W2, W3).</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class LeaseTests
{
    /// <summary>No lease ends within a test: what is offered again was offered for another reason.</summary>
    private static readonly WorkLeasesOptions _long = new() { MinLease = TimeSpan.FromMinutes(10), MaxLease = TimeSpan.FromMinutes(10), FirstUseLease = TimeSpan.FromMinutes(10) };

    private readonly LineModels _models;

    public LeaseTests(FittedModels fitted) => _models = PackageModels.Load(fitted.Coarse, fitted.Verifier);

    [Fact]
    public async Task A_broken_stream_gives_its_work_to_another_at_once()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        var dying = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 2);
        Send(sensor, frames.Take(1), frames.Take(2));
        _ = await dying.WorkAsync("the first frame");
        _ = await dying.WorkAsync("the second frame");
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: 2);
        Assert.False(other.HasMessage);
        await dying.DisposeAsync();
        Work[] again = [await other.WorkAsync("a frame again"), await other.WorkAsync("the other frame again")];
        Assert.Equal([1, 2], again.Select(w => w.Key.Counter).Order());
        await other.ScoreAsync(again[0], 0.1f);
        await other.ScoreAsync(again[1], 0.1f);
        Assert.All(await frames.EndedAsync(2, "answers"), t => Assert.Equal(ViewOutcome.Scored, t.Outcome));
    }

    [Fact]
    public async Task A_frozen_workers_frame_goes_to_another_and_its_late_answer_changes_nothing()
    {
        var time = new HandClock();
        var clock = new MonotonicClock(time);
        using var frames = new PlaneFrames(_models, clock: clock);
        await using var sensor = await SensorRig.StartAsync(clock: clock);
        await using var frozen = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 2);
        Send(sensor, frames.Take(1));
        var held = await frozen.WorkAsync("the frame");
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: 1);
        Assert.False(other.HasMessage);
        time.Advance(new WorkLeasesOptions().MaxLease);
        var again = await other.WorkAsync("the frame again, when its lease expired");
        Assert.Equal(held.Key, again.Key);
        Assert.NotEqual(held.Offer, again.Offer);
        await other.ScoreAsync(again, 0.25f);
        var ticket = (await frames.EndedAsync(1, "answers"))[0];
        Assert.Equal(0.25f, ticket.CoarseScore);

        // the late answer is read: only a worker that answered gets work again
        await frozen.ScoreAsync(held, 0.75f);
        Send(sensor, frames.Take(2));
        Assert.Equal(2, (await frozen.WorkAsync("the next frame")).Key.Counter);
        Assert.Equal(0.25f, ticket.CoarseScore);
        Assert.Single(frames.Ended);
    }

    [Fact]
    public async Task An_answer_after_its_slot_was_filled_again_is_no_evidence()
    {
        var time = new HandClock();
        var clock = new MonotonicClock(time);
        using var frames = new PlaneFrames(_models, slots: 1, clock);
        await using var sensor = await SensorRig.StartAsync(_long, clock: clock);
        await using var slow = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 1);
        Send(sensor, frames.Take(1, TimeSpan.FromSeconds(1)));
        var held = await slow.WorkAsync("the frame");
        time.Advance(TimeSpan.FromSeconds(1));
        var late = (await frames.EndedAsync(1, "frames given up"))[0];
        Assert.Equal(ViewOutcome.Shed, late.Outcome);
        late.Slot!.Release();
        late.Slot = null;

        // the same slot, another frame
        var next = frames.Take(2);
        await slow.ScoreAsync(held, 0.75f);
        await slow.CreditAsync(1);
        Send(sensor, next);
        var work = await slow.WorkAsync("the next frame");
        Assert.NotEqual(held.Generation, work.Generation);
        Assert.Single(frames.Ended);
        await slow.ScoreAsync(work, 0.25f);
        Assert.Equal(0.25f, (await frames.EndedAsync(2, "answers"))[1].CoarseScore);
    }

    [Fact]
    public async Task An_answer_for_another_generation_ends_the_stream_and_is_no_evidence()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        await using var lying = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 1);
        Send(sensor, frames.Take(1));
        await lying.ScoreAsync(await lying.WorkAsync("the frame"), 0.75f, generationOff: 1);
        var end = await Assert.ThrowsAsync<RpcException>(() => lying.Ended);
        Assert.Contains("generation", end.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(frames.Ended);
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: 1);
        await other.ScoreAsync(await other.WorkAsync("the frame again"), 0.25f);
        Assert.Equal(0.25f, (await frames.EndedAsync(1, "answers"))[0].CoarseScore);
    }

    /// <summary>History: ended in the middle of a write, the call was reset and the worker's log named an HTTP/2 error instead of the reason.</summary>
    [Fact]
    public async Task A_stream_ended_while_it_is_written_to_still_says_why()
    {
        const int frames = 12;
        using var plane = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long, new FrameServerOptions { FarewellTimeout = SensorRig.Patience });
        await using var lying = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: frames);
        lying.StopReading();
        Send(sensor, [.. Enumerable.Range(1, frames).Select(part => plane.Take(part))]);
        var first = await lying.WorkAsync("the first frame");
        Assert.True(plane.Models.Coarse.Manifest.Preparation.TensorLength * sizeof(float) * (frames - 2) > 2 * 65_536, "what is sent fits into the window of HTTP/2");
        await lying.ScoreAsync(first, 0.75f, generationOff: 1);
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: frames);
        _ = await other.WorkAsync("a frame again: the first worker's stream was given up");
        lying.ReadOn();
        var end = await Assert.ThrowsAsync<RpcException>(() => lying.Ended);
        Assert.Contains("generation", end.Status.Detail, StringComparison.Ordinal);
    }

    /// <summary>
    /// History: a worker's stream stalled for longer than a lease, others did what waited in it, so that it was never written: nobody answered it,
    /// and the worker was asked for nothing any more, until the only other one left and every part fell back.
    /// </summary>
    [Fact]
    public async Task A_worker_whose_stream_stalled_is_asked_again_when_it_flows()
    {
        const int frames = 12;
        var time = new HandClock();
        var clock = new MonotonicClock(time);
        using var plane = new PlaneFrames(_models, clock: clock);
        var options = new WorkLeasesOptions { ReofferShare = 1 };
        await using var sensor = await SensorRig.StartAsync(options, clock: clock);
        await using var stalled = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: frames);
        stalled.StopReading();
        Send(sensor, [.. Enumerable.Range(1, frames).Select(part => plane.Take(part))]);
        var work = await stalled.WorkAsync("the first frame");
        Assert.True(plane.Models.Coarse.Manifest.Preparation.TensorLength * sizeof(float) * (frames - 2) > 2 * 65_536, "what is sent fits into the window of HTTP/2");
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: frames);
        time.Advance(options.MaxLease);
        for (var i = 0; i < frames; i++)
        {
            await other.ScoreAsync(await other.WorkAsync("a frame again, when its lease expired"), 0.25f);
        }

        _ = await plane.EndedAsync(frames, "answers");
        Send(sensor, plane.Take(frames + 1));
        Assert.False(other.HasMessage); // no credit is left there
        stalled.ReadOn();
        while (work.Key.Counter <= frames) // what was under way already
        {
            await stalled.ScoreAsync(work, 0.75f);
            work = await stalled.WorkAsync("the next frame, or an old one that was written in time");
        }

        await stalled.ScoreAsync(work, 0.5f);
        Assert.Equal(0.5f, (await plane.EndedAsync(frames + 1, "answers"))[^1].CoarseScore);
    }

    [Fact]
    public async Task One_worker_holds_at_most_a_quarter_of_the_ring_whatever_credit_it_gives()
    {
        using var frames = new PlaneFrames(_models, slots: 8);
        await using var sensor = await SensorRig.StartAsync(_long);
        await using var greedy = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 100);
        Send(sensor, frames.Take(1), frames.Take(2), frames.Take(3));
        var first = await greedy.WorkAsync("the first frame");
        _ = await greedy.WorkAsync("the second frame");
        Assert.False(greedy.HasMessage);
        await greedy.ScoreAsync(first, 0.1f);
        Assert.Equal(3, (await greedy.WorkAsync("the third frame, once one was answered")).Key.Counter);
    }

    [Fact]
    public async Task A_drained_stream_is_told_when_nothing_more_comes()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        await using var worker = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 1);
        Send(sensor, frames.Take(1));
        var work = await worker.WorkAsync("the frame");
        await worker.CreditAsync(4);
        await worker.SayAsync(new WorkerMessage { Draining = new Draining() });
        Assert.Equal(SensorMessage.MessageOneofCase.NoMoreWork, (await worker.NextAsync("the end of work")).MessageCase);
        Send(sensor, frames.Take(2));
        await worker.ScoreAsync(work, 0.1f);
        Assert.Equal(1, (await frames.EndedAsync(1, "answers"))[0].Key.Counter);
        Assert.False(worker.HasMessage);
    }

    private static void Send(SensorRig sensor, params FrameTicket[] tickets)
    {
        foreach (var ticket in tickets)
        {
            sensor.Dispatcher.Tell(ticket);
        }
    }
}
