using Inspection.Benchmarks.Rig;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Inspection.Benchmarks;

/// <summary>
/// What the embedded path is compared with: ONNX Runtime and nothing else. One thread of it has its own single-threaded session (the
/// product's session options), bound once to its buffers, and prepares frames that lie decoded in memory.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly Preparer _preparer;
    private readonly Frames _frames;
    private readonly byte[] _tensor;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly List<IDisposable> _values = [];

    public BareLoop(ModelPackage package, Frames frames)
    {
        _frames = frames;
        var (spec, coarse) = (package.Manifest.Preparation, package.Manifest.Coarse!);
        _preparer = new Preparer(spec);
        _tensor = GC.AllocateArray<byte>(spec.TensorLength, pinned: true);
        _session = SessionFactory.Open(package, new InferenceOptions());
        _binding = _session.CreateIoBinding();
        var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _tensor.AsMemory(), [1, spec.Height, spec.Width, spec.Channels]);
        _values.Add(input);
        _binding.BindInput("input", input);
        Bind("score", [1]);
        Bind("anomaly_map", [1, coarse.MapHeight, coarse.MapWidth]);
        Bind("ood", [1]);
    }

    /// <summary>Frames 0 to count, on as many threads as there are loops.</summary>
    public static void Run(IReadOnlyList<BareLoop> loops, int count)
    {
        var threads = loops.Select((loop, at) => new Thread(() =>
        {
            for (var i = at; i < count; i += loops.Count)
            {
                loop.Prepare(i);
                loop.Infer();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    public void Prepare(int frame) => _ = _preparer.Run(_frames.Of(frame), _frames.Side, _frames.Side, 1, _tensor);

    public void Infer() => _session.RunWithBinding(_options, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(v => v.Dispose());
        _options.Dispose();
        _session.Dispose();
    }

    private void Bind(string name, long[] shape)
    {
        var buffer = GC.AllocateArray<float>(checked((int)shape.Aggregate(1L, (a, b) => a * b)), pinned: true);
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(), shape);
        _values.Add(value);
        _binding.BindOutput(name, value);
    }
}
