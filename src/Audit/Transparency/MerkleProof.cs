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

        var (at, last, result) = (leaf, size - 1, hash);
        foreach (var neighbour in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                result = MerkleHash.Node(neighbour, result);
                var up = (at & 1) == 1 ? 0 : BitOperations.TrailingZeroCount(at);
                (at, last) = (at >> up, last >> up);
            }
            else
            {
                result = MerkleHash.Node(result, neighbour);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && result == root;
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

        var (at, last) = (smaller - 1, larger - 1);
        var up = BitOperations.TrailingZeroCount(~at);
        (at, last) = (at >> up, last >> up);

        // a smaller tree that is one complete subtree is its own first hash, and the proof leaves it out
        var next = at == 0 ? 0 : 1;
        var (was, now) = at == 0 ? (smallerRoot, smallerRoot) : (proof[0], proof[0]);
        for (; next < proof.Count; next++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((at & 1) == 1 || at == last)
            {
                was = MerkleHash.Node(proof[next], was);
                now = MerkleHash.Node(proof[next], now);
                var steps = (at & 1) == 1 ? 0 : BitOperations.TrailingZeroCount(at);
                (at, last) = (at >> steps, last >> steps);
            }
            else
            {
                now = MerkleHash.Node(now, proof[next]);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && was == smallerRoot && now == largerRoot;
    }
}
