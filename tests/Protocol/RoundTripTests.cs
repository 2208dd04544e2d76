using System.Collections;
using System.Reflection;

namespace Inspection.Protocol.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<string> Messages => new(Fill.MessageTypes.Select(t => t.FullName!));

    [Fact]
    public void No_message_lacks_a_manifest() =>
        Assert.Equal(Fill.MessageTypes.Select(t => t.FullName), ProtocolCodec.KnownTypes.Select(t => t.FullName).Order(StringComparer.Ordinal));

    [Fact]
    public void Manifests_are_two_or_three_capitals_and_none_is_the_snapshots() => Assert.All(ProtocolCodec.Manifests.Keys, m =>
    {
        Assert.Matches("^[A-Z]{2,3}$", m);
        Assert.NotEqual(SealedSnapshot.Manifest, m);
    });

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_field_of_a_message_survives(string type)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var message = new Fill(seed).Message(Find(type));
            AssertNothingIsDefault(message, type);
            AssertSurvives(message);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_with_nothing_optional_survives(string type) => AssertSurvives(new Fill(1, sparse: true).Message(Find(type)));

    [Fact]
    public void A_NaN_keeps_its_payload()
    {
        var payload = BitConverter.UInt32BitsToSingle(0xFFC1_2345);
        var view = new ViewEvidence { Camera = new CameraId("c"), Outcome = ViewOutcome.Scored, CoarseScore = payload, OodScore = float.NegativeInfinity };
        var message = new LineCommands.SubmitEvidence(new TriggerKey(new LineId("l"), new StationId("s"), 1, 1), view);

        var back = (LineCommands.SubmitEvidence)ProtocolCodec.Decode("CSE", ProtocolCodec.Encode(message));

        Assert.Equal(0xFFC1_2345u, BitConverter.SingleToUInt32Bits(back.Evidence.CoarseScore));
        Assert.Equal(float.NegativeInfinity, back.Evidence.OodScore);
    }

    [Fact]
    public void Equal_stamps_are_written_once_and_different_ones_kept_apart()
    {
        var part = (PartConcluded)new Fill(7).Message(typeof(PartConcluded));
        var one = part.Views[0].Coarse!;
        var other = one with { Provider = "another" };
        var views = Enumerable.Range(0, 6).Select(i => part.Views[0] with { Coarse = i % 2 == 0 ? one : one with { }, Verifier = other }).ToEquatableList();

        var bytes = ProtocolCodec.Encode(part with { Views = views });

        Assert.Equal(2, Wire.PartConcluded.Parser.ParseFrom(bytes).Stamps.Count);
        Assert.Equal(views, ((PartConcluded)ProtocolCodec.Decode("PC", bytes)).Views);
    }

    private static void AssertSurvives(object message)
    {
        var bytes = ProtocolCodec.Encode(message);
        var back = ProtocolCodec.Decode(ProtocolCodec.ManifestOf(message), bytes);
        Assert.Equal(message, back);
        Assert.Equal(bytes, ProtocolCodec.Encode(back)); // bit by bit: Equals takes all NaNs for one
    }

    /// <summary>Else a forgotten field would come back as the default it left with.</summary>
    private static void AssertNothingIsDefault(object value, string path)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            if (value is Conclusion || property.Name is "EqualityContract" || value is string or Digest or TimeSpan or LineId or StationId or CameraId or NodeId)
            {
                continue;
            }

            var inner = property.GetValue(value);
            var zero = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
            Assert.False(Equals(inner, zero) || inner is "" || inner is ICollection { Count: 0 }, $"{path}.{property.Name} is {inner ?? "null"}: the test must set it");
            foreach (var item in inner is IEnumerable list and not string ? list.Cast<object>() : inner is null || property.PropertyType.IsPrimitive || inner is string ? [] : [inner])
            {
                if (item.GetType().Assembly == typeof(ILineEvent).Assembly && !item.GetType().IsEnum)
                {
                    AssertNothingIsDefault(item, $"{path}.{property.Name}");
                }
            }
        }
    }

    private static Type Find(string name) => Fill.MessageTypes.Single(t => t.FullName == name);
}
