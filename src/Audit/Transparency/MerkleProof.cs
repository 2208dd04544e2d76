using System.Numerics;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>Checks proofs of RFC 6962 trees with nothing but their hashes (the algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2).</summary>
public static class MerkleProof
{
    /// <summary>Whether the tree of that size and root has the leaf at that place.</summary>
    /// <param name="leaf">From 0.</param>
    /// <param name="hash">See <see cref="MerkleHash.Leaf"/>.</param>
    public static bool IsIncluded(ulong leaf, ulong size, Digest hash, IReadOnlyList<Digest> proof, Digest root)
    {
        if (leaf >= size)
        {
            return false;
        }

        var climb = new Climb(leaf, size - 1);
        var result = hash;
        foreach (var neighbour in proof)
        {
            if (climb.AtTop)
            {
                return false;
            }

            result = climb.Step() ? MerkleHash.Node(neighbour, result) : MerkleHash.Node(result, neighbour);
        }

        return climb.AtTop && result == root;
    }

    /// <summary>Whether the larger tree begins with all leaves of the smaller. The empty tree proves nothing but itself.</summary>
    public static bool IsConsistent(ulong smaller, ulong larger, Digest smallerRoot, Digest largerRoot, IReadOnlyList<Digest> proof)
    {
        if (smaller == larger)
        {
            return proof.Count == 0 && smallerRoot == largerRoot && (smaller > 0 || smallerRoot == MerkleHash.Empty);
        }

        if (smaller == 0 || smaller > larger || proof.Count == 0)
        {
            return false;
        }

        // a smaller tree that is one complete subtree is its own first hash, and the proof leaves it out
        var isSubtree = BitOperations.IsPow2(smaller);
        var height = BitOperations.TrailingZeroCount(smaller);
        var climb = new Climb((smaller - 1) >> height, (larger - 1) >> height);
        var (was, now) = isSubtree ? (smallerRoot, smallerRoot) : (proof[0], proof[0]);
        foreach (var neighbour in proof.Skip(isSubtree ? 0 : 1))
        {
            if (climb.AtTop)
            {
                return false;
            }

            var isLeft = climb.Step();
            was = isLeft ? MerkleHash.Node(neighbour, was) : was;
            now = isLeft ? MerkleHash.Node(neighbour, now) : MerkleHash.Node(now, neighbour);
        }

        return climb.AtTop && was == smallerRoot && now == largerRoot;
    }

    /// <summary>The way from a subtree up to the root: its number at its height, and that of the last subtree there.</summary>
    private struct Climb(ulong at, ulong last)
    {
        private ulong _at = at;
        private ulong _last = last;

        public readonly bool AtTop => _last == 0;

        /// <summary>One hash of the proof up. Not at the top.</summary>
        /// <returns>Whether that hash is the left neighbour.</returns>
        public bool Step()
        {
            var isLeft = (_at & 1) == 1 || _at == _last;

            // the last subtree, where it has no right neighbour, rises until it has a left one
            var rise = 1 + (isLeft ? BitOperations.TrailingZeroCount(_at) : 0);
            (_at, _last) = (_at >> rise, _last >> rise);
            return isLeft;
        }
    }
}
