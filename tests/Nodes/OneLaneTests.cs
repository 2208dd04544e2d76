using System.Diagnostics;
using Akka.Actor;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Tests.DataPlane;
using Inspection.Tests.Support.Cluster;
using Xunit;

namespace Inspection.Nodes.Tests;

/// <summary>The dispatcher of the actors that never block: one at a time, nothing lost, whatever a message does.</summary>
public sealed class OneLaneTests : IAsyncLifetime
{
    private const int Senders = 4;
    private const int Messages = 20_000;

    private readonly ActorSystem _system = SensorRig.NewSystem("lane");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Two_actors_get_every_message_and_never_run_at_once()
    {
        var lane = new Shared();
        var actors = new[] { New(lane), New(lane) };
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Messages; i++)
            {
                actors[i % 2].Tell(i);
            }
        })));
        _ = await Eventually.SeesAsync(() => Task.FromResult(Volatile.Read(ref lane.Seen)), n => n == Senders * Messages, "all messages");
        Assert.Equal(1, lane.MostAtOnce);
    }

    /// <summary>History: the lane saw its queue empty before others saw it idle; a message sent in between waited for the next one, on a quiet line forever.</summary>
    [Fact]
    public async Task A_message_sent_as_the_lane_falls_idle_is_not_left_lying()
    {
        const int turns = 2_000_000;
        var lane = new Shared();
        var actors = new[] { New(lane), New(lane) };
        object message = 0;
        var sending = Task.Factory.StartNew(
            () =>
            {
                var patience = Stopwatch.StartNew();
                for (var sent = 0; sent < turns; sent++)
                {
                    while (Volatile.Read(ref lane.Seen) < sent)
                    {
                        if (patience.Elapsed > Waiting.Deadline)
                        {
                            return sent;
                        }
                    }

                    actors[sent % 2].Tell(message, ActorRefs.NoSender);
                    if (sent % 1024 == 0)
                    {
                        patience.Restart();
                    }
                }

                return turns;
            },
            TaskCreationOptions.LongRunning);
        Assert.Equal(turns, await sending);
        _ = await Eventually.SeesAsync(() => Task.FromResult(Volatile.Read(ref lane.Seen)), n => n == turns, "all messages");
    }

    [Fact]
    public async Task An_actor_that_throws_is_restarted_and_the_others_go_on()
    {
        var lane = new Shared();
        var actors = new[] { New(lane), New(lane) };
        for (var i = 0; i < 200; i++)
        {
            actors[0].Tell(i % 3 == 0 ? "throw" : i);
            actors[1].Tell(i);
        }

        _ = await Eventually.SeesAsync(() => Task.FromResult(Volatile.Read(ref lane.Seen)), n => n == 400, "all messages");
        Assert.Equal(67, lane.Thrown);
    }

    private IActorRef New(Shared lane) => _system.ActorOf(Props.Create(() => new Counting(lane)).WithDispatcher(OneLane.Dispatcher));

    private sealed class Shared
    {
        public int Seen;
        public int Inside;
        public int MostAtOnce;
        public int Thrown;
    }

    private sealed class Counting(Shared lane) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            lane.MostAtOnce = Math.Max(lane.MostAtOnce, Interlocked.Increment(ref lane.Inside));
            _ = Interlocked.Decrement(ref lane.Inside);
            _ = Interlocked.Increment(ref lane.Seen);
            if (message is string)
            {
                lane.Thrown++;
                throw new InvalidOperationException("told to");
            }
        }
    }
}
