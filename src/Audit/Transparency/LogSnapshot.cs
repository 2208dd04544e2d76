using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>A log's book as it was at one of its records, all leaves signed. A cache: the records decide (rule V6).</summary>
/// <param name="Head">Hash of record <paramref name="Sequence"/>.</param>
/// <param name="Frontier">See <see cref="MerkleTree.Frontier"/>.</param>
public sealed record LogSnapshot(long Sequence, Digest Head, string Key, string Note, IReadOnlyList<Digest> Frontier, IReadOnlyDictionary<LineId, LineHead> Ends)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Stored(
        Sequence, Head.ToString(), Key, Note, [.. Frontier.Select(d => d.ToString())], Ends.ToDictionary(e => e.Key.Value, e => new StoredEnd(e.Value.Sequence, e.Value.Hash.ToString()))));

    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public static LogSnapshot FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<Stored>(bytes) is not { Head: not null, Key: not null, Note: not null, Frontier: not null, Ends: not null } s
                ? throw new FormatException("a snapshot of the log lacks something")
                : new LogSnapshot(s.Sequence, Digest.Parse(s.Head), s.Key, s.Note, [.. s.Frontier.Select(Digest.Parse)], s.Ends.ToDictionary(e => new LineId(e.Key), e => new LineHead(e.Value.Sequence, Digest.Parse(e.Value.Hash))));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FormatException($"a snapshot of the log cannot be read: {e.Message}", e);
        }
    }

    private sealed record Stored(long Sequence, string Head, string Key, string Note, string[] Frontier, Dictionary<string, StoredEnd> Ends);

    private sealed record StoredEnd(long Sequence, string Hash);
}
