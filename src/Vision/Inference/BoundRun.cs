using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inspection.Vision.Inference;

/// <summary>
/// One pre-bound run: an input tensor in native memory that somebody else owns, outputs in native memory that the session owns. Running it
/// allocates nothing managed.
/// </summary>
internal sealed unsafe class BoundRun : IDisposable
{
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly List<OrtValue> _outputs = [];

    /// <param name="session">The session this binding belongs to.</param>
    /// <param name="input">Start of the uint8 input.</param>
    /// <param name="shape">[N, H, W, C].</param>
    /// <param name="outputs">Name, native buffer and shape of every output that is wanted.</param>
    public BoundRun(InferenceSession session, byte* input, long[] shape, ReadOnlySpan<(string Name, nint Buffer, long[] Shape)> outputs)
    {
        _binding = session.CreateIoBinding();
        _input = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, shape, (nint)input, Length(shape));
        _binding.BindInput(session.InputNames[0], _input);
        foreach (var (name, buffer, outputShape) in outputs)
        {
            var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, outputShape, buffer, sizeof(float) * Length(outputShape));
            _outputs.Add(value);
            _binding.BindOutput(name, value);
        }
    }

    /// <summary>The memory the runtime reads its input from, as the runtime itself says.</summary>
    public ReadOnlySpan<byte> Input => _input.GetTensorDataAsSpan<byte>();

    public void Run(InferenceSession session, RunOptions options) => session.RunWithBinding(options, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _outputs.ForEach(o => o.Dispose());
    }

    private static long Length(long[] shape)
    {
        var length = 1L;
        foreach (var dim in shape)
        {
            length *= dim;
        }

        return length;
    }
}

/// <summary>A block of native floats, 64-byte aligned.</summary>
internal sealed unsafe class NativeFloats(int length) : IDisposable
{
    private float* _start = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);

    public nint Address => (nint)_start;

    public Span<float> Span => new(_start, length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
