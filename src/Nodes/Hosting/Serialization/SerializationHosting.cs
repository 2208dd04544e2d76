using Akka.Hosting;

namespace Inspection.Nodes.Hosting.Serialization;

/// <summary>Binds the protocol's types, and ends the JSON fallback: a type without a binding is an error where it is sent.</summary>
public static class SerializationHosting
{
    public static AkkaConfigurationBuilder WithInspectionSerialization(this AkkaConfigurationBuilder builder) => builder
        .WithCustomSerializer("inspection-protocol", ProtocolSerializer.BoundTypes, system => new ProtocolSerializer(system))
        .WithCustomSerializer("inspection-journal", JournalSerializer.BoundTypes, system => new JournalSerializer(system))
        .WithStrictSerialization();
}
