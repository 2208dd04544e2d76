using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Inference;

/// <summary>
/// A coarse model that looks at several frames in one run (rule W5), for a GPU: the tensors of a batch are gathered into page-locked memory, go
/// over in one copy, and the answers come back in one copy an output. A batch size has its own bound buffers, made at its first run; places
/// of a bucket that no frame fills hold the batch before, and nobody reads their answers. One thread at a time.
/// </summary>
public sealed unsafe class OnnxBatchSession : IBatchSession
{
    private readonly InferenceSession _session;
    private readonly InferenceOptions _inference;
    private readonly Dictionary<(int Bucket, int Width, int Height), Batch> _batches = [];
    private readonly float[] _maps;
    private readonly int _cells;

    /// <exception cref="ProviderUnavailableException">The configured provider is not here.</exception>
    public OnnxBatchSession(ModelPackage package, InferenceOptions options)
    {
        if (package.Manifest.Coarse is not { } coarse)
        {
            throw new PackageException(package.Directory, "it is a verifier, a coarse model is wanted", "Name the package that `inspection fit coarse` wrote");
        }

        _inference = options;
        Manifest = package.Manifest;
        Stamp = Stamps.Of(package, options);
        _cells = coarse.MapHeight * coarse.MapWidth;
        _maps = new float[options.Batches[^1] * _cells];
        _session = SessionFactory.Open(package, options);
    }

    public PackageManifest Manifest { get; }

    public InferenceStamp Stamp { get; }

    public ReadOnlySpan<float> AnomalyMap => MapOf(0);

    public CoarseResult Run(FrameSlot slot)
    {
        CoarseResult result = default;
        Run([slot], 1, new Span<CoarseResult>(ref result));
        return result;
    }

    /// <exception cref="ArgumentException">A slot's tensor is not what the model takes.</exception>
    public void Run(ReadOnlySpan<FrameSlot> slots, int bucket, Span<CoarseResult> results)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots.Length, bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bucket, _inference.Batches[^1]);

        // frames that keep their aspect may differ in size; those of one size that follow each other share a run
        for (var from = 0; from < slots.Length;)
        {
            var size = SizeOf(slots[from]);
            var to = from + 1;
            while (to < slots.Length && SizeOf(slots[to]) == size)
            {
                to++;
            }

            RunSameSize(slots[from..to], from == 0 && to == slots.Length ? bucket : BucketOf(to - from), size, results[from..to], from);
            from = to;
        }
    }

    /// <summary>The batch that was run last at this size once more, nothing gathered: what the product's way is compared with.</summary>
    internal void RunAgain(int bucket, int width, int height) => BatchOf(bucket, width, height).Run(_session);

    public ReadOnlySpan<float> MapOf(int index) => _maps.AsSpan(index * _cells, _cells);

    public void Dispose()
    {
        foreach (var batch in _batches.Values)
        {
            batch.Dispose();
        }

        _session.Dispose();
    }

    private void RunSameSize(ReadOnlySpan<FrameSlot> slots, int bucket, (int Width, int Height) size, Span<CoarseResult> results, int first)
    {
        var batch = BatchOf(bucket, size.Width, size.Height);
        for (var i = 0; i < slots.Length; i++)
        {
            slots[i].Tensor[..batch.FrameLength].CopyTo(batch.Place(i));
        }

        batch.Run(_session);
        for (var i = 0; i < slots.Length; i++)
        {
            results[i] = new CoarseResult(batch.Scores[i], batch.Oods[i]);
        }

        batch.Maps[..(slots.Length * _cells)].CopyTo(_maps.AsSpan(first * _cells));
    }

    private Batch BatchOf(int bucket, int width, int height)
    {
        if (!_batches.TryGetValue((bucket, width, height), out var batch))
        {
            _batches[(bucket, width, height)] = batch = new Batch(this, bucket, width, height, _batches.Count);
        }

        return batch;
    }

    private int BucketOf(int count)
    {
        foreach (var bucket in _inference.Batches)
        {
            if (bucket >= count)
            {
                return bucket;
            }
        }

        return _inference.Batches[^1];
    }

    private (int Width, int Height) SizeOf(FrameSlot slot)
    {
        var spec = Manifest.Preparation;
        var size = spec.Aspect == AspectRule.Fixed ? (spec.Width, spec.Height) : (slot.Geometry.TensorWidth, slot.Geometry.TensorHeight);
        return slot.TensorLength >= spec.TensorLength && spec.Accepts(size.Item1, size.Item2)
            ? size
            : throw new ArgumentException($"the slot holds a tensor of {slot.TensorLength} bytes, prepared as {size.Item1} x {size.Item2}; model {Manifest.Name} takes {spec.Width} x {spec.Height} x {spec.Channels}: prepare with the package's preparation", nameof(slot));
    }

    /// <summary>The buffers of one batch size, and the run over them.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly NativeBlock _input;
        private readonly NativeBlock _score;
        private readonly NativeBlock _ood;
        private readonly NativeBlock _map;
        private readonly BoundRun _run;
        private readonly RunOptions _options = new();

        /// <param name="number">Tells this size's CUDA graph from the others'.</param>
        public Batch(OnnxBatchSession owner, int bucket, int width, int height, int number)
        {
            var (spec, coarse, inference) = (owner.Manifest.Preparation, owner.Manifest.Coarse!, owner._inference);
            FrameLength = width * height * spec.Channels;
            _input = new NativeBlock((long)bucket * FrameLength, inference);
            _score = NativeBlock.OfFloats(bucket, inference);
            _ood = NativeBlock.OfFloats(bucket, inference);
            _map = NativeBlock.OfFloats(bucket * owner._cells, inference);
            _run = new BoundRun(owner._session, inference, _input.Start, [bucket, height, width, spec.Channels],
            [
                (ModelStructure.Score, _score.Address, [bucket]),
                (ModelStructure.Map, _map.Address, [bucket, coarse.MapHeight, coarse.MapWidth]),
                (ModelStructure.Ood, _ood.Address, [bucket]),
            ]);
            if (inference.CudaGraphs)
            {
                _options.AddRunConfigEntry("gpu_graph_id", (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        /// <summary>Bytes of one frame's tensor.</summary>
        public int FrameLength { get; }

        public ReadOnlySpan<float> Scores => _score.Floats;

        public ReadOnlySpan<float> Oods => _ood.Floats;

        public ReadOnlySpan<float> Maps => _map.Floats;

        public Span<byte> Place(int index) => _input.Bytes.Slice(index * FrameLength, FrameLength);

        public void Run(InferenceSession session) => _run.Run(session, _options);

        public void Dispose()
        {
            _run.Dispose();
            _options.Dispose();
            _input.Dispose();
            _score.Dispose();
            _ood.Dispose();
            _map.Dispose();
        }
    }
}
