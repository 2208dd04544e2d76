using Google.Protobuf;
using Inspection.Hostile.Tests.Pictures;
using Inspection.Protocol.Wire;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>Whole messages of the data plane, one of each kind, to be broken; and fields that nobody wants.</summary>
internal static class DataPlane
{
    private static readonly ByteString Digest = ByteString.CopyFrom(new byte[32]);

    public static InferenceStamp Stamp { get; } = new()
    {
        ModelDigest = Digest,
        ThresholdsDigest = Digest,
        CalibrationDigest = Digest,
        ImageDigest = Digest,
        PreparationVersion = "prep-1",
        Provider = "cpu",
    };

    private static readonly PixelBox Box = new() { X = 1, Y = 2, Width = 30, Height = 40 };

    public static IReadOnlyList<IMessage> WorkerMessages { get; } =
    [
        new WorkerMessage { Hello = new Hello { ProtocolVersion = 1, Node = "w", Packages = new Packages { CoarseHeld = { Digest }, VerifiersLoadable = { Digest }, Unavailable = { "x" } } } },
        new WorkerMessage { Packages = new Packages { VerifiersHeld = { Digest, Digest }, CoarseLoadable = { Digest } } },
        new WorkerMessage { Credit = new Credit { Coarse = 3, Verify = 1 } },
        new WorkerMessage { Draining = new Draining() },
        new WorkerMessage { Answer = new Answer { Offer = 7, Generation = 3, Failed = "why" } },
        new WorkerMessage { Answer = new Answer { Offer = 7, Generation = 3, GivenUp = "why" } },
        new WorkerMessage { Answer = new Answer { Offer = 7, Generation = 3, Scored = new Scored { CoarseScoreBits = 0x3F000000, OodScoreBits = 0x3F000000, Stamp = Stamp, Regions = { new Region { Box = Box, PeakScoreBits = 1 } } } } },
        new WorkerMessage { Answer = new Answer { Offer = 7, Generation = 3, Verified = new Verified { Stamp = Stamp, ProbabilityBits = { 1, 2, 3 } } } },
    ];

    public static IReadOnlyList<IMessage> SensorMessages { get; } =
    [
        new SensorMessage { Welcome = new Welcome { ProtocolVersion = 1, Node = "s" } },
        new SensorMessage { Refused = new WorkerRefused { Reason = "why" } },
        new SensorMessage { NoMoreWork = new NoMoreWork() },
        new SensorMessage
        {
            Work = new Work { Offer = 1, Generation = 2, ExternalId = "x.png", TimeLeftTicks = 10_000, Coarse = new CoarseTask { Package = Digest, Geometry = new Geometry { FrameWidth = 8, FrameHeight = 8, TensorWidth = 8, TensorHeight = 8, TensorToFrameBits = { 1, 2, 3, 4, 5, 6 }, Alignment = 1 } } },
            Payload = ByteString.CopyFrom(new byte[64]),
        },
        new SensorMessage
        {
            Work = new Work { Offer = 1, Generation = 2, ExternalId = "x.png", TimeLeftTicks = 10_000, Verify = new VerifyTask { Package = Digest, Channels = 1, Regions = { Box } } },
            Payload = ByteString.CopyFrom(new byte[1200]),
        },
    ];

    /// <summary>A known or unknown number, any type, and a length or value that may be absurd.</summary>
    public static byte[] Field(Random random)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteUInt32((uint)((random.Next(1, 20) << 3) | random.Next(8)));
            switch (random.Next(4))
            {
                case 0:
                    output.WriteUInt64(random.Of<ulong>([0ul, 1ul, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue]));
                    break;
                case 1:
                    output.WriteBytes(ByteString.CopyFrom(new byte[random.Next(100)]));
                    break;
                case 2:
                    output.WriteRawTag(0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
                    break;
                default:
                    // groups within groups within groups
                    for (var depth = 0; depth < 5_000; depth++)
                    {
                        output.WriteTag(random.Next(1, 4), WireFormat.WireType.StartGroup);
                    }

                    break;
            }
        }

        return bytes.ToArray();
    }
}
