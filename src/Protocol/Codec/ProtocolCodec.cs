using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inspection.Protocol;

/// <summary>
/// The one wire form of every message record: protobuf bytes under a manifest of two or three letters. What was written once decodes
/// for ever (tests/Protocol/contract). Pure; any thread.
/// </summary>
public static class ProtocolCodec
{
    private static readonly MessageEntry[] _entries = [.. EventCodec.Entries, .. CommandCodec.Entries, .. ReplyCodec.Entries, .. QueryCodec.Entries, .. NodeCodec.Entries];

    private static readonly FrozenDictionary<string, MessageEntry> _byManifest = _entries.ToFrozenDictionary(e => e.Manifest);

    private static readonly FrozenDictionary<Type, MessageEntry> _byType = _entries.ToFrozenDictionary(e => e.Type);

    /// <summary>Every record that has a wire form.</summary>
    public static IReadOnlyCollection<Type> KnownTypes { get; } = [.. _entries.Select(e => e.Type)];

    /// <summary>Manifest to record type.</summary>
    public static IReadOnlyDictionary<string, Type> Manifests { get; } = _entries.ToFrozenDictionary(e => e.Manifest, e => e.Type);

    /// <summary>The protobuf form behind a manifest; the contract file is made of it.</summary>
    public static MessageDescriptor DescriptorOf(string manifest) => EntryOf(manifest).Descriptor;

    /// <exception cref="ProtocolException">The type has no wire form.</exception>
    public static string ManifestOf(object message) => EntryOf(message).Manifest;

    /// <exception cref="ProtocolException">The type has no wire form, or the message holds a value that could not be read back.</exception>
    public static byte[] Encode(object message)
    {
        var entry = EntryOf(message);
        try
        {
            return entry.Encode(message);
        }
        catch (Exception e) when (e is ArgumentException or NullReferenceException)
        {
            throw new ProtocolException($"cannot encode a {entry.Type.Name} (manifest {entry.Manifest}): {e.Message}; give every field a valid value before it is sent or stored", e);
        }
    }

    /// <exception cref="ProtocolException">Unknown manifest, undecodable bytes, or a field that breaks its type's rules.</exception>
    public static object Decode(string manifest, ReadOnlyMemory<byte> bytes)
    {
        var entry = EntryOf(manifest);
        try
        {
            return entry.Decode(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new ProtocolException($"cannot decode {bytes.Length} bytes as {entry.Type.Name} (manifest {manifest}): {e.Message}; the bytes are damaged or come from a newer version", e);
        }
    }

    private static MessageEntry EntryOf(string manifest) => _byManifest.TryGetValue(manifest, out var entry)
        ? entry
        : throw new ProtocolException($"unknown manifest '{manifest}': this version knows {string.Join(' ', _byManifest.Keys.Order(StringComparer.Ordinal))}; it comes from a newer version or is damaged");

    private static MessageEntry EntryOf(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.TryGetValue(message.GetType(), out var entry)
            ? entry
            : throw new ProtocolException($"{message.GetType()} has no wire form: only the message records of Inspection.Protocol travel; add it to its codec and a .proto file");
    }
}
