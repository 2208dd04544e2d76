using Akka.Actor;
using Akka.Hosting;
using Akka.Serialization;
using Inspection.Nodes.Hosting.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Inspection.Protocol.Tests;

public sealed class SerializerTests : IAsyncLifetime
{
    private readonly IHost _host = Host.CreateDefaultBuilder()
        .ConfigureServices(s => s.AddAkka("serializer-tests", b => b.WithInspectionSerialization()))
        .Build();

    private Serialization Serialization => _host.Services.GetRequiredService<ActorSystem>().Serialization;

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public void Every_command_reply_and_query_travels_through_Akka()
    {
        foreach (var type in Fill.MessageTypes.Where(t => typeof(ILineMessage).IsAssignableFrom(t)))
        {
            var message = new Fill(2).Message(type);
            var serializer = Assert.IsType<ProtocolSerializer>(Serialization.FindSerializerFor(message));
            var back = Serialization.Deserialize(serializer.ToBinary(message), ProtocolSerializer.SerializerId, serializer.Manifest(message));
            Assert.Equal(message, back);
        }
    }

    [Fact]
    public void A_sealed_record_passes_as_it_is_even_where_its_bytes_mean_nothing()
    {
        var record = new Sealed("??", new byte[] { 9, 8, 7 });
        var serializer = Assert.IsType<JournalSerializer>(Serialization.FindSerializerFor(record));

        var back = (Sealed)Serialization.Deserialize(serializer.ToBinary(record), JournalSerializer.SerializerId, serializer.Manifest(record));

        Assert.Equal(record, back);
    }

    [Fact]
    public void A_slice_of_a_buffer_is_stored_as_that_slice()
    {
        var record = new Sealed("PC", new byte[] { 1, 2, 3, 4 }.AsMemory(1, 2));
        Assert.Equal([2, 3], Serialization.FindSerializerFor(record).ToBinary(record));
    }

    [Fact]
    public void A_snapshot_passes_as_it_is()
    {
        var snapshot = new SealedSnapshot(new byte[] { 1, 2, 3 });
        var serializer = (JournalSerializer)Serialization.FindSerializerFor(snapshot);
        Assert.Equal(snapshot, Serialization.Deserialize(serializer.ToBinary(snapshot), JournalSerializer.SerializerId, serializer.Manifest(snapshot)));
    }

    [Fact]
    public void An_event_that_was_not_sealed_cannot_be_persisted()
    {
        var e = new EpochGranted(1, new StationId("s"), 1, new NodeId("n"), "i");
        Assert.ThrowsAny<Exception>(() => Serialization.FindSerializerFor(e));
    }
}
