using System.Numerics;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>
/// A Merkle tree of RFC 6962 that only grows. It keeps the hash of every complete subtree (64 bytes a leaf), so roots and proofs of every
/// earlier size stay to be had. Not thread-safe.
/// </summary>
public sealed class MerkleTree
{
    // _levels[h][i] is the root of the complete subtree over the leaves i * 2^h to (i + 1) * 2^h
    private readonly List<List<Digest>> _levels = [[]];

    /// <summary>Leaves.</summary>
    public long Size => _levels[0].Count;

    public Digest Root => RootOf(Size);

    /// <param name="leaf">See <see cref="MerkleHash.Leaf"/>.</param>
    public void Add(Digest leaf)
    {
        _levels[0].Add(leaf);
        for (var height = 0; (_levels[height].Count & 1) == 0; height++)
        {
            if (_levels.Count == height + 1)
            {
                _levels.Add([]);
            }

            _levels[height + 1].Add(MerkleHash.Node(_levels[height][^2], _levels[height][^1]));
        }
    }

    /// <summary>The root when the tree had so many leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It never had so many.</exception>
    public Digest RootOf(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? MerkleHash.Empty : Hash(0, size);
    }

    /// <summary>The audit path of a leaf in the tree of a size, from the leaf's neighbour up (RFC 6962, 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf, or the tree never had such a size.</exception>
    public IReadOnlyList<Digest> ProveInclusion(long leaf, long size)
    {
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
    /// <exception cref="ArgumentOutOfRangeException">The smaller size is 0 or above the larger, or the tree never had the larger.</exception>
    public IReadOnlyList<Digest> ProveConsistency(long smaller, long larger)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(larger, Size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(smaller);
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
            return _levels[height][checked((int)(from >> height))];
        }

        var split = from + LargestPowerBelow(count);
        return MerkleHash.Node(Hash(from, split), Hash(split, to));
    }

    /// <summary>The largest power of two below a number of at least 2.</summary>
    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
