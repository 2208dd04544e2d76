using Inspection.Nodes.Hosting.Membership;
using Xunit;

namespace Inspection.Nodes.Tests.Members;

/// <summary>Of two clusters that began, exactly one gives way, whoever judges (issue: any two of three supervisors form the cluster).</summary>
public sealed class BeginningsTests
{
    [Theory]
    [InlineData("b1", "a1", true)] // neither is up: the one with the lower address goes on
    [InlineData("a1", "b1", false)]
    [InlineData("a1", "B1 c1", true)] // the other is up
    [InlineData("b1 c1", "c1 b1 a1", false)] // the same cluster, seen at another moment
    [InlineData("", "B1 C1", false)] // joined nothing yet: the bootstrap looks for it
    [InlineData("a1", "", false)]
    [InlineData("a2", "B1 a1", true)] // an earlier incarnation of this node is not this node
    public void One_gives_way(string own, string other, bool givesWay) => Assert.Equal(givesWay, Beginnings.GivesWay(Members(own), Members(other)));

    /// <summary>A capital: up.</summary>
    private static SeenMember[] Members(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => new SeenMember($"akka.tcp://plant@{n[..1].ToLowerInvariant()}:1#{n[1..]}", char.IsUpper(n[0])))];
}
