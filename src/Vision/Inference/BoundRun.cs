using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inspection.Vision.Inference;

/// <summary>
/// One pre-bound run: an input tensor in native memory that somebody else owns, outputs in native memory that the session owns. Running it
/// allocates nothing managed. On a GPU the bound tensors lie in its memory, at places that stay (a CUDA graph needs that, and ONNX Runtime
/// reads host memory bound as an input once, when it is bound): each run copies the input there and the outputs back.
/// </summary>
internal sealed unsafe class BoundRun : IDisposable
{
    private readonly OrtIoBinding _binding;
    private readonly int? _device;
    private readonly List<Bound> _outputs = [];
    private readonly Bound _input;

    /// <param name="session">The session this binding belongs to.</param>
    /// <param name="inference">How it runs.</param>
    /// <param name="input">Start of the uint8 input.</param>
    /// <param name="shape">[N, H, W, C].</param>
    /// <param name="outputs">Name, native buffer and shape of every output that is wanted.</param>
    public BoundRun(InferenceSession session, InferenceOptions inference, byte* input, long[] shape, ReadOnlySpan<(string Name, nint Buffer, long[] Shape)> outputs)
    {
        _device = inference.Provider == InferenceProvider.Cpu ? null : inference.DeviceId;
        if (_device is { } device)
        {
            Cuda.UseDevice(device);
        }

        _binding = session.CreateIoBinding();
        _input = new Bound(TensorElementType.UInt8, shape, input, Length(shape), _device);
        _binding.BindInput(session.InputNames[0], _input.Value);
        foreach (var (name, buffer, outputShape) in outputs)
        {
            var output = new Bound(TensorElementType.Float, outputShape, (byte*)buffer, sizeof(float) * Length(outputShape), _device);
            _outputs.Add(output);
            _binding.BindOutput(name, output.Value);
        }
    }

    /// <summary>The memory the runtime reads its input from, as the runtime itself says.</summary>
    public ReadOnlySpan<byte> Input => _input.Value.GetTensorDataAsSpan<byte>();

    public void Run(InferenceSession session, RunOptions options)
    {
        if (_device is not { } device)
        {
            session.RunWithBinding(options, _binding);
            return;
        }

        Cuda.UseDevice(device);
        _input.ToDevice();
        session.RunWithBinding(options, _binding);
        foreach (var output in _outputs)
        {
            output.ToHost();
        }
    }

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

    /// <summary>One tensor, bound where it lies or in a copy on the GPU.</summary>
    private sealed class Bound : IDisposable
    {
        private readonly byte* _host;
        private readonly nuint _length;
        private readonly OrtMemoryInfo? _memory;
        private byte* _device;

        /// <param name="length">In bytes.</param>
        public Bound(TensorElementType type, long[] shape, byte* host, long length, int? device)
        {
            _host = host;
            _length = (nuint)length;
            if (device is not { } id)
            {
                Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)host, length);
                return;
            }

            _device = Cuda.AllocateDevice(_length);
            _memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, id, OrtMemType.Default);
            Value = OrtValue.CreateTensorValueWithData(_memory, type, shape, (nint)_device, length);
        }

        public OrtValue Value { get; }

        public void ToDevice() => Cuda.ToDevice(_device, _host, _length);

        public void ToHost() => Cuda.ToHost(_host, _device, _length);

        public void Dispose()
        {
            Value.Dispose();
            _memory?.Dispose();
            if (_device is not null)
            {
                Cuda.FreeDevice(_device);
                _device = null;
            }
        }
    }
}

/// <summary>A block of native memory, 64-byte aligned; page-locked where a GPU reads and writes it.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    private readonly bool _pinned;
    private byte* _start;

    /// <param name="length">In bytes.</param>
    /// <param name="inference">Who reads and writes it.</param>
    public NativeBlock(long length, InferenceOptions inference)
    {
        _pinned = inference.Provider != InferenceProvider.Cpu;
        if (_pinned)
        {
            Cuda.UseDevice(inference.DeviceId);
        }

        _start = _pinned ? Cuda.AllocatePinned((nuint)length) : (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        Length = checked((int)length);
        Bytes.Clear();
    }

    public int Length { get; }

    public byte* Start => _start;

    public nint Address => (nint)_start;

    public Span<byte> Bytes => new(_start, Length);

    public Span<float> Floats => MemoryMarshal.Cast<byte, float>(Bytes);

    /// <param name="count">Of floats.</param>
    public static NativeBlock OfFloats(int count, InferenceOptions inference) => new((long)count * sizeof(float), inference);

    public void Dispose()
    {
        if (_start is null)
        {
            return;
        }

        if (_pinned)
        {
            Cuda.FreePinned(_start);
        }
        else
        {
            NativeMemory.AlignedFree(_start);
        }

        _start = null;
    }
}
