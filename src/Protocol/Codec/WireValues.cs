using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Inspection.Protocol;

/// <summary>Single values between record and wire. Both directions check, so that nothing is written that could not be read back.</summary>
internal static class WireValues
{
    /// <summary>Raw IEEE-754 bits: every NaN survives.</summary>
    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    public static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    /// <summary>32 bytes, or none for <see cref="Digest.None"/>.</summary>
    public static ByteString Bytes(Digest digest) => digest.IsNone ? ByteString.Empty : ByteString.CopyFrom(digest.ToArray());

    public static Digest Digest(ByteString bytes) => bytes.IsEmpty ? Protocol.Digest.None : new Digest(bytes.Span);

    public static ByteString Bytes(EquatableList<byte> bytes) => ByteString.CopyFrom(bytes.AsSpan());

    public static EquatableList<byte> List(ByteString bytes) => EquatableList.Create(bytes.Span);

    /// <summary>An enumeration's number, which is the same on the wire (checked by the contract test).</summary>
    public static int Number<T>(T value)
        where T : struct, Enum
    {
        return Enum.IsDefined(value) ? (int)(object)value : throw new ArgumentException($"{typeof(T).Name} {(int)(object)value} is not one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>The enumeration member of a wire number.</summary>
    public static T Member<T>(int number)
        where T : struct, Enum
    {
        var value = (T)(object)number;
        return Enum.IsDefined(value) ? value : throw new ArgumentException($"{typeof(T).Name} {number} is not one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    public static Wire.TriggerKey Key(TriggerKey key) => new() { Line = Name(key.Line), Station = Name(key.Station), Epoch = key.Epoch, Counter = key.Counter };

    public static TriggerKey Key(Wire.TriggerKey? key) => key is null
        ? throw new ArgumentException("the trigger key is missing")
        : new TriggerKey(new LineId(key.Line), new StationId(key.Station), key.Epoch, key.Counter);

    public static string Name(LineId id) => id.Value ?? throw new ArgumentException("the line id is empty");

    public static string Name(StationId id) => id.Value ?? throw new ArgumentException("the station id is empty");

    public static string Name(CameraId id) => id.Value ?? throw new ArgumentException("the camera id is empty");

    public static string Name(NodeId id) => id.Value ?? throw new ArgumentException("the node id is empty");

    /// <summary>A conclusion that must be there.</summary>
    public static Wire.Conclusion Conclusion(Conclusion conclusion) => conclusion is { Verdict: null, Fallback: null }
        ? throw new ArgumentException("the conclusion is empty: a part is decided or falls back")
        : MaybeConclusion(conclusion);

    public static Conclusion Conclusion(Wire.Conclusion? wire) => MaybeConclusion(wire) is var conclusion && conclusion is { Verdict: null, Fallback: null }
        ? throw new ArgumentException("the conclusion is missing: a part is decided or falls back")
        : conclusion;

    /// <summary>A conclusion that may be unknown: what a part's verdict was before a review.</summary>
    public static Wire.Conclusion MaybeConclusion(Conclusion conclusion) => new()
    {
        Verdict = conclusion.Verdict is { } verdict ? (Wire.Verdict)Number(verdict) : Wire.Verdict.None,
        Fallback = conclusion.Fallback is { } reason ? (Wire.FallbackReason)Number(reason) : Wire.FallbackReason.None,
    };

    public static Conclusion MaybeConclusion(Wire.Conclusion? wire) => wire switch
    {
        null or { Verdict: Wire.Verdict.None, Fallback: Wire.FallbackReason.None } => default,
        { Fallback: Wire.FallbackReason.None } => Protocol.Conclusion.Decided(Member<Verdict>((int)wire.Verdict)),
        { Verdict: Wire.Verdict.None } => Protocol.Conclusion.FellBack(Member<FallbackReason>((int)wire.Fallback)),
        _ => throw new ArgumentException($"the conclusion says both {wire.Verdict} and {wire.Fallback}: a part is decided or falls back"),
    };

    /// <summary>The gate's bitmap: count bits in (count + 7) / 8 bytes.</summary>
    public static EquatableList<byte> Bitmap(int count, EquatableList<byte> bits) => count >= 0 && bits.Count == (count + 7L) / 8
        ? bits
        : throw new ArgumentException($"a bitmap of {count} acts has {(count + 7L) / 8} bytes, not {bits.Count}");

    public static void AddTicks(RepeatedField<long> field, EquatableList<TimeSpan> spans)
    {
        foreach (var span in spans.AsSpan())
        {
            field.Add(span.Ticks);
        }
    }
}
