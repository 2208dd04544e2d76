using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

internal static class StampCodec
{
    public static Wire.InferenceStamp ToWire(InferenceStamp stamp) => new()
    {
        ModelDigest = Bytes(stamp.ModelDigest),
        SignatureId = stamp.SignatureId,
        ThresholdsDigest = Bytes(stamp.ThresholdsDigest),
        CalibrationDigest = Bytes(stamp.CalibrationDigest),
        PreparationVersion = stamp.PreparationVersion,
        ImageDigest = Bytes(stamp.ImageDigest),
        RuntimeVersions = stamp.RuntimeVersions,
        Provider = stamp.Provider,
        CpuClass = stamp.CpuClass,
    };

    public static InferenceStamp FromWire(Wire.InferenceStamp wire) => new()
    {
        ModelDigest = Digest(wire.ModelDigest),
        SignatureId = wire.SignatureId,
        ThresholdsDigest = Digest(wire.ThresholdsDigest),
        CalibrationDigest = Digest(wire.CalibrationDigest),
        PreparationVersion = wire.PreparationVersion,
        ImageDigest = Digest(wire.ImageDigest),
        RuntimeVersions = wire.RuntimeVersions,
        Provider = wire.Provider,
        CpuClass = wire.CpuClass,
    };
}
