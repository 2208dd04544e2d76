using FsCheck;
using FsCheck.Xunit;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Promise P2: the same evidence gives the same conclusion, in whatever order, number of copies and delay it comes, and through any crash.</summary>
public sealed class EvidenceOrderTests
{
    private const int Parts = 6;

    [Property(MaxTest = 300)]
    public void Order_copies_delay_commits_and_crashes_do_not_change_a_verdict(int seed, NonNegativeInt crashes)
    {
        var random = new Random(seed);
        var world = LedgerWorld.Ready();
        var epoch = world.Granted(Given.Front);
        _ = world.Announce(Given.Front, epoch, 1, Parts, TimeSpan.FromHours(1));
        _ = world.Commit();
        Deliver(world, epoch, random, copies: 2, crashes.Get % 4);
        Deliver(world, epoch, random, copies: 1, 0); // what a station does after a crash (rule W8): everything again
        _ = world.Settle();
        for (var counter = 1; counter <= Parts; counter++)
        {
            var key = Station.Key(Given.Front, epoch, counter);
            var all = Given.CamerasOf(Given.Front).Select(c => Given.EvidenceOf(key, c)).ToArray();
            Assert.Equal(PartPolicy.Judge(Given.Recipe, Given.Front, all, Given.Approved).Conclusion, world.Audit.Terminal[key]);
        }
    }

    [Property(MaxTest = 200)]
    public void A_part_is_judged_alike_in_every_order_of_its_views(int counter, int seed)
    {
        var key = Station.Key(Given.Front, 1, Math.Abs((long)counter));
        var views = Given.CamerasOf(Given.Front).Select(c => Given.EvidenceOf(key, c)).ToArray();
        var expected = PartPolicy.Judge(Given.Recipe, Given.Front, views, Given.Approved);
        new Random(seed).Shuffle(views);
        Assert.Equal(expected, PartPolicy.Judge(Given.Recipe, Given.Front, views, Given.Approved));
    }

    [Fact]
    public void The_first_evidence_of_a_view_counts_and_a_second_that_says_otherwise_changes_nothing()
    {
        var world = LedgerWorld.Ready();
        var epoch = world.Granted(Given.Front);
        var key = Station.Key(Given.Front, epoch, 1);
        _ = world.Announce(Given.Front, epoch, 1);
        _ = world.Submit(key, Given.View(Given.Top, 1.5f, Given.Candidate(0.9f)));
        Assert.IsType<LineReplies.EvidenceReceived>(Assert.Single(world.Submit(key, Given.View(Given.Top, 0.5f))));
        _ = world.Submit(key, Given.View(Given.Left, 0.5f));
        _ = world.Submit(key, Given.View(Given.Right, 0.5f));
        _ = world.Settle();
        Assert.Equal(Conclusion.Decided(Verdict.Ng), world.Audit.Terminal[key]);
    }

    private static void Deliver(LedgerWorld world, long epoch, Random random, int copies, int crashes)
    {
        var post = (from counter in Enumerable.Range(1, Parts)
                    from camera in Given.CamerasOf(Given.Front)
                    from copy in Enumerable.Range(0, copies)
                    select (Key: Station.Key(Given.Front, epoch, counter), Camera: camera)).ToArray();
        random.Shuffle(post);
        var crashAt = Enumerable.Range(0, crashes).Select(_ => random.Next(post.Length)).ToHashSet();
        for (var i = 0; i < post.Length; i++)
        {
            if (crashAt.Contains(i))
            {
                world.Crash(committed: random.Next(2) == 0);
                _ = world.Announce(Given.Front, epoch, 1, Parts, TimeSpan.FromHours(1)); // as it never reached the journal, or again
            }

            _ = world.Submit(post[i].Key, Given.EvidenceOf(post[i].Key, post[i].Camera));
            _ = random.Next(3) == 0 ? world.Commit() : world.Pass(TimeSpan.FromMilliseconds(1));
        }
    }
}
