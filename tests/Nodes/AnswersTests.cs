using Akka.Actor;
using Inspection.Nodes.Hosting.Setup;
using Xunit;

namespace Inspection.Nodes.Tests;

public sealed class AnswersTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <summary>What Akka's Inbox gets wrong now and then: a wait after one that was over in time, or too late, goes on to its own end.</summary>
    [Fact]
    public async Task A_wait_that_is_over_takes_nothing_from_the_next_one()
    {
        using var system = ActorSystem.Create("answers", "akka.stdout-loglevel = OFF");
        using var answers = new Answers(system);

        _ = await Assert.ThrowsAsync<TimeoutException>(() => answers.NextAsync(TimeSpan.FromMilliseconds(20)));
        var next = answers.NextAsync(Long);
        answers.Receiver.Tell("first");
        answers.Receiver.Tell("second");

        Assert.Equal("first", await next);
        Assert.Equal("second", await answers.NextAsync(Long));
        _ = await Assert.ThrowsAsync<TimeoutException>(() => answers.NextAsync(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_cancelled_wait_says_that_it_was_cancelled()
    {
        using var system = ActorSystem.Create("answers", "akka.stdout-loglevel = OFF");
        using var answers = new Answers(system);
        using var cancel = new CancellationTokenSource();

        var next = answers.NextAsync(Long, cancel.Token);
        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
