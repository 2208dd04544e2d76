using System.Runtime.InteropServices;
using Google.Protobuf;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Onnx;

/// <summary>Float tensors of ONNX files, whichever of the two forms (raw_data, float_data) the file uses.</summary>
internal static class TensorData
{
    public static float[] Floats(TensorProto tensor)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
        {
            throw new NotSupportedException($"tensor {tensor.Name} has element type {tensor.DataType}; only float weights are read");
        }

        return tensor.RawData.IsEmpty ? [.. tensor.FloatData] : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
    }

    public static TensorProto Of(string name, ReadOnlySpan<float> data, IEnumerable<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(data)) };
        tensor.Dims.AddRange(dims);
        return tensor;
    }
}
