namespace Inspection.Nodes.Hosting.Membership;

/// <summary>A member of a cluster as another node sees it.</summary>
/// <param name="At">Address and incarnation.</param>
/// <param name="IsUp">Whether its cluster has formed: no member is up before a majority of the supervisors has joined.</param>
public sealed record SeenMember(string At, bool IsUp);

/// <summary>
/// Two supervisors that each saw another half of the supervisors can both begin a cluster. Only a majority of the supervisors makes its members
/// up, so at most one of the two ever is; the members of the other must end, and start again, to get there.
/// </summary>
public static class Beginnings
{
    /// <summary>Whether the members of <paramref name="own"/>, none of them up, give it up for <paramref name="other"/>; every node judges alike.</summary>
    /// <param name="own">The members this node sees, itself among them; none: it has joined nothing yet, and has nothing to give up.</param>
    /// <param name="other">The members that a supervisor sees.</param>
    public static bool GivesWay(IReadOnlyCollection<SeenMember> own, IReadOnlyCollection<SeenMember> other) =>
        own.Count > 0 && other.Count > 0
        && !other.Any(m => own.Any(o => o.At == m.At))
        && (other.Any(m => m.IsUp) || string.CompareOrdinal(First(other), First(own)) < 0);

    private static string First(IEnumerable<SeenMember> members) => members.Select(m => m.At).Min(StringComparer.Ordinal)!;
}
