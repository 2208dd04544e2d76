using System.Numerics;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>
/// A Merkle tree of RFC 6962 that only grows. It keeps the hash of every complete subtree (64 bytes a leaf), so roots and proofs of every
/// earlier size stay to be had, back to the size from which on it was asked to remember. Not thread-safe.
/// </summary>
public sealed class MerkleTree
{
    // at height h the roots of the complete subtrees over the leaves i * 2^h to (i + 1) * 2^h
    private readonly List<Level> _levels = [new()];

    /// <summary>Leaves.</summary>
    public long Size => _levels[0].Count;

    /// <summary>The smallest size of which a root and a proof can be had; 0: of every size.</summary>
    public long RemembersFrom { get; private set; }

    public Digest Root => RootOf(Size);

    /// <summary>The roots of the complete subtrees that a tree of this size consists of, from the smallest, which is the last in order.</summary>
    public IReadOnlyList<Digest> Frontier => [.. _levels.Where((l, h) => (Size >> h & 1) == 1).Select(l => l[l.Count - 1])];

    /// <summary>A tree of a size that goes on from its <see cref="Frontier"/>, and remembers nothing before.</summary>
    /// <exception cref="ArgumentException">So many hashes are not the frontier of such a size.</exception>
    public static MerkleTree From(long size, IReadOnlyList<Digest> frontier)
    {
        if (size < 0 || BitOperations.PopCount((ulong)size) != frontier.Count)
        {
            throw new ArgumentException($"the frontier of {size} leaves has {BitOperations.PopCount((ulong)Math.Max(0, size))} hashes, not {frontier.Count}", nameof(frontier));
        }

        var tree = new MerkleTree { RemembersFrom = size };
        tree._levels.Clear();
        var next = 0;
        for (var height = 0; height == 0 || size >> height > 0; height++)
        {
            var count = size >> height;
            var isOdd = (count & 1) == 1;
            tree._levels.Add(new Level { First = isOdd ? count - 1 : count, Nodes = isOdd ? [frontier[next++]] : [] });
        }

        return tree;
    }

    /// <param name="leaf">See <see cref="MerkleHash.Leaf"/>.</param>
    public void Add(Digest leaf)
    {
        _levels[0].Nodes.Add(leaf);
        for (var height = 0; (_levels[height].Count & 1) == 0; height++)
        {
            if (_levels.Count == height + 1)
            {
                _levels.Add(new Level());
            }

            var below = _levels[height];
            _levels[height + 1].Nodes.Add(MerkleHash.Node(below[below.Count - 2], below[below.Count - 1]));
        }
    }

    /// <summary>Lets go of all that only roots and proofs of sizes before this one need.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It never had such a size, or has let go of it.</exception>
    public void Forget(long before)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(before, Size);
        ArgumentOutOfRangeException.ThrowIfLessThan(before, RemembersFrom);
        for (var height = 0; height < _levels.Count; height++)
        {
            var count = before >> height;
            _levels[height].ForgetBefore((count & 1) == 1 ? count - 1 : count);
        }

        RemembersFrom = before;
    }

    /// <summary>The root when the tree had so many leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It never had so many, or has let go of it.</exception>
    public Digest RootOf(long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, RemembersFrom);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? MerkleHash.Empty : Hash(0, size);
    }

    /// <summary>The audit path of a leaf in the tree of a size, from the leaf's neighbour up (RFC 6962, 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf, or the tree never had such a size, or has let go of anything.</exception>
    public IReadOnlyList<Digest> ProveInclusion(long leaf, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(RemembersFrom, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        var path = new List<Digest>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var split = from + LargestPowerBelow(to - from);
            if (leaf < split)
            {
                path.Add(Hash(split, to));
                to = split;
            }
            else
            {
                path.Add(Hash(from, split));
                from = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>That the tree of the larger size begins with all leaves of the smaller one (RFC 6962, 2.1.2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The smaller size is 0 or above the larger, or the tree never had the larger, or has let go of the smaller.</exception>
    public IReadOnlyList<Digest> ProveConsistency(long smaller, long larger)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(larger, Size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(smaller);
        ArgumentOutOfRangeException.ThrowIfLessThan(smaller, RemembersFrom);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smaller, larger);
        var path = new List<Digest>();
        var (from, to, whole) = (0L, larger, true);
        while (to != smaller)
        {
            var split = from + LargestPowerBelow(to - from);
            if (smaller <= split)
            {
                path.Add(Hash(split, to));
                to = split;
            }
            else
            {
                path.Add(Hash(from, split));
                (from, whole) = (split, false);
            }
        }

        if (!whole)
        {
            path.Add(Hash(from, to));
        }

        path.Reverse();
        return path;
    }

    /// <summary>The root over the leaves from one to before another; <paramref name="from"/> is where a subtree begins.</summary>
    private Digest Hash(long from, long to)
    {
        var count = to - from;
        if (BitOperations.IsPow2(count))
        {
            var height = BitOperations.Log2((ulong)count);
            return _levels[height][from >> height];
        }

        var split = from + LargestPowerBelow(count);
        return MerkleHash.Node(Hash(from, split), Hash(split, to));
    }

    /// <summary>The largest power of two below a number of at least 2.</summary>
    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    private sealed class Level
    {
        /// <summary>How many were let go of.</summary>
        public long First { get; set; }

        public List<Digest> Nodes { get; init; } = [];

        public long Count => First + Nodes.Count;

        public Digest this[long index] => Nodes[checked((int)(index - First))];

        public void ForgetBefore(long index)
        {
            var gone = (int)Math.Clamp(index - First, 0, Nodes.Count);
            Nodes.RemoveRange(0, gone);
            First += gone;
        }
    }
}
