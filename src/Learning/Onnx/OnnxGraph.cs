using System.Runtime.InteropServices;
using Google.Protobuf;
using Inspection.Vision.Models.Onnx;
using ElementType = Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Onnx;

/// <summary>
/// Writes one ONNX model node by node (IR 7, opset 13, default domain only). Every method returns the name of the tensor it made, so a
/// graph reads as nested calls. Weights are stored inside the file, as raw little-endian bytes.
/// </summary>
public sealed class OnnxGraph
{
    public const int Opset = 13;

    private readonly ModelProto _model;

    public OnnxGraph(string name) => _model = new ModelProto
    {
        IrVersion = 7,
        ProducerName = "Inspection.Actors",
        Graph = new GraphProto { Name = name },
        OpsetImport = { new OperatorSetIdProto { Version = Opset } },
    };

    /// <param name="dims">Whole numbers, or names of free dimensions.</param>
    public string Input(string name, ElementType type, params ReadOnlySpan<object> dims)
    {
        _model.Graph.Input.Add(Value(name, type, dims));
        return name;
    }

    public void Output(string name, ElementType type, params ReadOnlySpan<object> dims) => _model.Graph.Output.Add(Value(name, type, dims));

    public string Op(string type, ReadOnlySpan<string> inputs, string output, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _ = Op(type, inputs, [output], attributes);
        return output;
    }

    public string[] Op(string type, ReadOnlySpan<string> inputs, string[] outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = type, Name = outputs[0] + "/" + type };
        foreach (var input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.AddRange(outputs);
        foreach (var (name, value) in attributes)
        {
            node.Attribute.Add(Attribute(name, value));
        }

        _model.Graph.Node.Add(node);
        return outputs;
    }

    public void Add(NodeProto node) => _model.Graph.Node.Add(node);

    public void Add(TensorProto tensor) => _model.Graph.Initializer.Add(tensor);

    public string Floats(string name, ReadOnlySpan<float> data, params ReadOnlySpan<long> dims) => Constant(name, ElementType.Float, MemoryMarshal.AsBytes(data), dims);

    public string Longs(string name, params ReadOnlySpan<long> data) => Constant(name, ElementType.Int64, MemoryMarshal.AsBytes(data), [data.Length]);

    public string Constant(string name, ElementType type, ReadOnlySpan<byte> raw, ReadOnlySpan<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        foreach (var dim in dims)
        {
            tensor.Dims.Add(dim);
        }

        _model.Graph.Initializer.Add(tensor);
        return name;
    }

    public byte[] ToBytes() => _model.ToByteArray();

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int i => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = i },
        long i => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = i },
        float f => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = f },
        string s => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(s) },
        long[] ints => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { ints } },
        _ => throw new ArgumentException($"an attribute of type {value.GetType()} is not written here", nameof(value)),
    };

    private static ValueInfoProto Value(string name, ElementType type, ReadOnlySpan<object> dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims)
        {
            shape.Dim.Add(dim is string free
                ? new TensorShapeProto.Types.Dimension { DimParam = free }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dim, System.Globalization.CultureInfo.InvariantCulture) });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
