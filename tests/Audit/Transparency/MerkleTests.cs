using System.Text.Json;
using Inspection.Audit.Transparency;
using Inspection.Protocol;
using Inspection.Tests.Support;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>Rule J8: the tree of RFC 6962, against proofs made elsewhere and against the RFC's own recursive definition.</summary>
public sealed class MerkleTests
{
    private const int Largest = 70;

    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, Largest).Select(i => MerkleHash.Leaf([(byte)i]))];

    [Fact]
    public void Every_published_inclusion_and_consistency_case_passes_or_fails_as_it_says()
    {
        var wrong = new List<string>();
        var seen = (Inclusion: 0, Consistency: 0, Good: 0);
        var folder = Repository.Shared("conformance/merkle/testdata");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "inclusion"), "*.json", SearchOption.AllDirectories))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var (c, proof) = (json.RootElement, Proof(json.RootElement));
            var holds = c.GetProperty("leafHash").GetBytesFromBase64().Length == Digest.Length
                && MerkleProof.IsIncluded(c.GetProperty("leafIdx").GetUInt64(), c.GetProperty("treeSize").GetUInt64(), Hash(c.GetProperty("leafHash")), proof, Hash(c.GetProperty("root")));
            seen = (seen.Inclusion + 1, seen.Consistency, seen.Good + (holds ? 1 : 0));
            Compare(file, c, holds);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "consistency"), "*.json", SearchOption.AllDirectories))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var (c, proof) = (json.RootElement, Proof(json.RootElement));
            var holds = MerkleProof.IsConsistent(c.GetProperty("size1").GetUInt64(), c.GetProperty("size2").GetUInt64(), Hash(c.GetProperty("root1")), Hash(c.GetProperty("root2")), proof);
            seen = (seen.Inclusion, seen.Consistency + 1, seen.Good + (holds ? 1 : 0));
            Compare(file, c, holds);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(196, seen.Inclusion + seen.Consistency);
        Assert.True(seen is { Inclusion: > 80, Consistency: > 80, Good: > 10 }, $"{seen}");

        void Compare(string file, JsonElement c, bool holds)
        {
            if (holds == c.GetProperty("wantErr").GetBoolean())
            {
                wrong.Add($"{Path.GetRelativePath(folder, file)}: {(holds ? "holds and should not" : "does not hold and should")}");
            }
        }
    }

    [Fact]
    public void A_tree_that_goes_on_from_a_frontier_or_has_let_go_gives_the_same_roots_and_proofs()
    {
        var whole = new MerkleTree();
        for (var size = 0; size <= Largest; size++)
        {
            var (restored, forgetful) = (MerkleTree.From(size, whole.Frontier), new MerkleTree());
            foreach (var leaf in Leaves[..size])
            {
                forgetful.Add(leaf);
                forgetful.Forget(forgetful.Size);
            }

            for (var larger = size; larger <= Largest; larger++)
            {
                foreach (var tree in new[] { restored, forgetful })
                {
                    Assert.Equal(Definition(Leaves.AsSpan(0, larger)), tree.Root);
                    Assert.Equal(Definition(Leaves.AsSpan(0, size)), tree.RootOf(size));
                    if (size > 0)
                    {
                        Assert.True(MerkleProof.IsConsistent((ulong)size, (ulong)larger, tree.RootOf(size), tree.Root, tree.ProveConsistency(size, larger)), $"{size} to {larger}");
                        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootOf(size - 1));
                    }

                    if (larger < Largest)
                    {
                        tree.Add(Leaves[larger]);
                    }
                }
            }

            if (size < Largest)
            {
                whole.Add(Leaves[size]);
            }
        }
    }

    [Fact]
    public void Roots_of_all_sizes_are_those_of_the_definition()
    {
        var tree = new MerkleTree();
        Assert.Equal(MerkleHash.Empty, tree.Root);
        foreach (var leaf in Leaves)
        {
            tree.Add(leaf);
            Assert.Equal(Definition(Leaves.AsSpan(0, (int)tree.Size)), tree.Root);
        }

        for (var size = 0; size <= Largest; size++)
        {
            Assert.Equal(Definition(Leaves.AsSpan(0, size)), tree.RootOf(size));
        }
    }

    [Fact]
    public void Every_leaf_of_every_size_has_a_proof_and_nothing_else_has()
    {
        var tree = Grown();
        for (var size = 1; size <= Largest; size++)
        {
            var root = tree.RootOf(size);
            for (var leaf = 0; leaf < size; leaf++)
            {
                var proof = tree.ProveInclusion(leaf, size);
                Assert.True(Included(leaf, size, Leaves[leaf], proof, root), $"leaf {leaf} of {size}");
                Assert.False(Included(leaf, size, Leaves[(leaf + 1) % Largest], proof, root), $"another leaf at {leaf} of {size}");
                Assert.False(Included(leaf, size, Leaves[leaf], [.. proof, root], root), $"leaf {leaf} of {size}, a hash too many");
                for (var other = 0; other < size; other++)
                {
                    Assert.True(other == leaf || !Included(other, size, Leaves[leaf], proof, root), $"leaf {leaf} of {size} at {other}");
                }

                for (var i = 0; i < proof.Count; i++)
                {
                    Assert.False(Included(leaf, size, Leaves[leaf], [.. proof.Take(i), .. proof.Skip(i + 1)], root), $"leaf {leaf} of {size} without hash {i}");
                }
            }
        }
    }

    [Fact]
    public void Every_two_sizes_are_consistent_and_a_rewritten_history_is_not()
    {
        var tree = Grown();
        for (var larger = 1; larger <= Largest; larger++)
        {
            for (var smaller = 1; smaller <= larger; smaller++)
            {
                var proof = tree.ProveConsistency(smaller, larger);
                Assert.True(Consistent(smaller, larger, tree.RootOf(smaller), tree.RootOf(larger), proof), $"{smaller} in {larger}");
                var rewritten = Leaves[..smaller];
                rewritten[smaller / 2] = MerkleHash.Leaf([0xff]);
                Assert.False(Consistent(smaller, larger, Definition(rewritten), tree.RootOf(larger), proof), $"{smaller} rewritten, in {larger}");
                Assert.True(smaller == larger || !Consistent(smaller, larger, tree.RootOf(smaller), tree.RootOf(larger - 1), proof), $"{smaller} in {larger}, another root");
            }
        }
    }

    [Fact]
    public void A_leaf_is_never_taken_for_a_node()
    {
        var node = new byte[2 * Digest.Length];
        Leaves[0].CopyTo(node);
        Leaves[1].CopyTo(node.AsSpan(Digest.Length));
        Assert.NotEqual(MerkleHash.Node(Leaves[0], Leaves[1]), MerkleHash.Leaf(node));
    }

    [Fact]
    public void What_the_tree_never_was_cannot_be_asked_for()
    {
        var tree = Grown();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootOf(Largest + 1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(5, 5));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(0, Largest + 1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(0, 5));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(6, 5));
    }

    /// <summary>MTH of RFC 6962, 2.1, word for word.</summary>
    private static Digest Definition(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length <= 1)
        {
            return leaves.Length == 0 ? MerkleHash.Empty : leaves[0];
        }

        var k = 1;
        while (2 * k < leaves.Length)
        {
            k *= 2;
        }

        return MerkleHash.Node(Definition(leaves[..k]), Definition(leaves[k..]));
    }

    private static MerkleTree Grown()
    {
        var tree = new MerkleTree();
        foreach (var leaf in Leaves)
        {
            tree.Add(leaf);
        }

        return tree;
    }

    private static bool Included(int leaf, int size, Digest hash, IReadOnlyList<Digest> proof, Digest root) =>
        MerkleProof.IsIncluded((ulong)leaf, (ulong)size, hash, proof, root);

    private static bool Consistent(int smaller, int larger, Digest was, Digest now, IReadOnlyList<Digest> proof) =>
        MerkleProof.IsConsistent((ulong)smaller, (ulong)larger, was, now, proof);

    private static List<Digest> Proof(JsonElement c)
    {
        var proof = c.GetProperty("proof");
        return proof.ValueKind == JsonValueKind.Null ? [] : [.. proof.EnumerateArray().Select(Hash)];
    }

    /// <summary>Some cases give bytes of another length for a hash; a digest of them is as good: equal where they are, and no node of a tree.</summary>
    private static Digest Hash(JsonElement c) => c.GetBytesFromBase64() is var bytes && bytes.Length == Digest.Length ? new Digest(bytes) : Digest.Of(bytes);
}
