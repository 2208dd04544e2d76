using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Inference;

/// <summary>
/// A coarse model in ONNX Runtime. Its input is bound to each slot's tensor memory at the slot's first run (and, where frames keep their
/// aspect, at each new size); from then on a run allocates nothing managed and copies nothing. One thread at a time. Dispose it before the ring.
/// </summary>
public sealed unsafe class OnnxCoarseSession : ICoarseSession
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly InferenceOptions _inference;
    private readonly NativeBlock _score;
    private readonly NativeBlock _ood;
    private readonly NativeBlock _map;
    private readonly Dictionary<(FrameSlot Slot, int Width, int Height), BoundRun> _bound = [];

    /// <exception cref="ProviderUnavailableException">The configured provider is not here.</exception>
    public OnnxCoarseSession(ModelPackage package, InferenceOptions? options = null)
    {
        if (package.Manifest.Coarse is not { } coarse)
        {
            throw new PackageException(package.Directory, "it is a verifier, a coarse model is wanted", "Name the package that `inspection fit coarse` wrote");
        }

        _inference = options ?? new InferenceOptions();
        Manifest = package.Manifest;
        Stamp = Stamps.Of(package, _inference);
        _session = SessionFactory.Open(package, _inference);
        _score = NativeBlock.OfFloats(1, _inference);
        _ood = NativeBlock.OfFloats(1, _inference);
        _map = NativeBlock.OfFloats(coarse.MapHeight * coarse.MapWidth, _inference);
    }

    public PackageManifest Manifest { get; }

    public InferenceStamp Stamp { get; }

    public ReadOnlySpan<float> AnomalyMap => _map.Floats;

    /// <exception cref="ArgumentException">The slot's tensor is smaller than the model's input.</exception>
    public CoarseResult Run(FrameSlot slot)
    {
        var spec = Manifest.Preparation;
        var size = spec.Aspect == AspectRule.Fixed ? (spec.Width, spec.Height) : (slot.Geometry.TensorWidth, slot.Geometry.TensorHeight);
        if (!_bound.TryGetValue((slot, size.Item1, size.Item2), out var run))
        {
            run = Bind(slot, size.Item1, size.Item2);
            _bound.Add((slot, size.Item1, size.Item2), run);
        }

        run.Run(_session, _options);
        return new CoarseResult(_score.Floats[0], _ood.Floats[0]);
    }

    /// <summary>The memory the runtime reads a slot's input from: shown, not assumed, to be the slot's tensor.</summary>
    internal ReadOnlySpan<byte> BoundInput(FrameSlot slot) => _bound.First(b => b.Key.Slot == slot).Value.Input;

    public void Dispose()
    {
        foreach (var run in _bound.Values)
        {
            run.Dispose();
        }

        _options.Dispose();
        _session.Dispose();
        _score.Dispose();
        _ood.Dispose();
        _map.Dispose();
    }

    private BoundRun Bind(FrameSlot slot, int width, int height)
    {
        var spec = Manifest.Preparation;
        if (slot.TensorLength < spec.TensorLength || !spec.Accepts(width, height))
        {
            throw new ArgumentException($"the slot holds a tensor of {slot.TensorLength} bytes, prepared as {width} x {height}; model {Manifest.Name} takes {spec.Width} x {spec.Height} x {spec.Channels}: prepare with the package's preparation", nameof(slot));
        }

        return new BoundRun(_session, _inference, slot.TensorPointer, [1, height, width, spec.Channels],
        [
            (ModelStructure.Score, _score.Address, [1]),
            (ModelStructure.Map, _map.Address, [1, Manifest.Coarse!.MapHeight, Manifest.Coarse.MapWidth]),
            (ModelStructure.Ood, _ood.Address, [1]),
        ]);
    }
}
