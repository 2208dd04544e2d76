using Google.Protobuf;

namespace Inspection.Protocol;

/// <summary>
/// Values of the data plane between record and wire (rule W1; Wire/dataplane.proto). Reading checks: what is malformed is an
/// <see cref="ArgumentException"/> that says what it is.
/// </summary>
public static class DataPlaneValues
{
    public static Wire.TriggerKey ToWire(TriggerKey key) => WireValues.Key(key);

    public static TriggerKey FromWire(Wire.TriggerKey? key) => WireValues.Key(key);

    public static Wire.InferenceStamp ToWire(InferenceStamp stamp) => StampCodec.ToWire(stamp);

    public static InferenceStamp FromWire(Wire.InferenceStamp? stamp) => stamp is null
        ? throw new ArgumentException("the answer says not which computation made it: its stamp is missing")
        : StampCodec.FromWire(stamp);

    public static Wire.PixelBox ToWire(PixelBox box) => new() { X = box.X, Y = box.Y, Width = box.Width, Height = box.Height };

    /// <summary>At least one pixel, not left of or above the frame.</summary>
    public static PixelBox FromWire(Wire.PixelBox? box) => box is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 }
        ? new PixelBox(box.X, box.Y, box.Width, box.Height)
        : throw new ArgumentException($"a region must have a size and lie in the frame; this one is {box?.ToString() ?? "missing"}");

    public static ByteString ToWire(Digest digest) => WireValues.Bytes(digest);

    public static Digest FromWire(ByteString digest) => WireValues.Digest(digest);

    /// <summary>Raw IEEE-754 bits: every NaN survives.</summary>
    public static uint Bits(float value) => WireValues.Bits(value);

    public static float Float(uint bits) => WireValues.Float(bits);
}
