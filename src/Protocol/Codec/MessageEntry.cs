using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inspection.Protocol;

/// <summary>How one message record travels: its manifest, its protobuf form and the two conversions.</summary>
internal sealed record MessageEntry(string Manifest, Type Type, MessageDescriptor Descriptor, Func<object, byte[]> Encode, Func<ReadOnlyMemory<byte>, object> Decode)
{
    public static MessageEntry Of<T, TWire>(string manifest, MessageParser<TWire> parser, Func<T, TWire> toWire, Func<TWire, T> fromWire)
        where T : class
        where TWire : class, IMessage<TWire>, new() =>
        new(
            manifest,
            typeof(T),
            new TWire().Descriptor,
            message => toWire((T)message).ToByteArray(),
            bytes => fromWire(parser.ParseFrom(bytes.Span)));
}
