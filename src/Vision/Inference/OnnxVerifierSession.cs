using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Inference;

/// <summary>
/// A verifier in ONNX Runtime: crops are prepared from the frame's full-resolution pixels into native memory of the session, then run one by
/// one over pre-bound buffers, so a run allocates nothing managed. One thread at a time.
/// </summary>
public sealed unsafe class OnnxVerifierSession : IVerifierSession
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly Preparer _preparer;
    private readonly NativeBlock _probabilities;
    private readonly NativeBlock _crop;
    private readonly BoundRun _run;

    /// <exception cref="ProviderUnavailableException">The configured provider is not here.</exception>
    public OnnxVerifierSession(ModelPackage package, InferenceOptions? options = null)
    {
        if (package.Manifest.Verifier is not { } verifier)
        {
            throw new PackageException(package.Directory, "it is a coarse model, a verifier is wanted", "Name the package that `inspection fit verifier` wrote");
        }

        options ??= new InferenceOptions();
        Manifest = package.Manifest;
        Stamp = Stamps.Of(package, options);
        _session = SessionFactory.Open(package, options);
        _preparer = new Preparer(Manifest.Preparation);
        _probabilities = NativeBlock.OfFloats(verifier.Classes.Count, options);
        _crop = new NativeBlock(Manifest.Preparation.TensorLength, options);
        var spec = Manifest.Preparation;
        _run = new BoundRun(_session, options, _crop.Start, [1, spec.Height, spec.Width, spec.Channels], [(ModelStructure.Probabilities, _probabilities.Address, [1, verifier.Classes.Count])]);
    }

    public PackageManifest Manifest { get; }

    public InferenceStamp Stamp { get; }

    public void Run(FrameSlot slot, ReadOnlySpan<PixelBox> regions, Span<float> probabilities)
    {
        var classes = Manifest.Verifier!.Classes.Count;
        if (probabilities.Length < regions.Length * classes)
        {
            throw new ArgumentException($"{regions.Length} regions of {classes} classes do not fit {probabilities.Length} numbers", nameof(probabilities));
        }

        var crop = _crop.Bytes;
        var taken = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            if (slot.HoldsCrops)
            {
                var length = regions[i].Width * regions[i].Height * slot.Channels;
                _preparer.RunCrop(slot.PixelRoom.Slice(taken, length), regions[i].Width, regions[i].Height, slot.Channels, crop);
                taken += length;
            }
            else
            {
                _ = _preparer.RunRegion(slot.Pixels, slot.Width, slot.Height, slot.Channels, regions[i], crop);
            }

            _run.Run(_session, _options);
            _probabilities.Floats.CopyTo(probabilities[(i * classes)..]);
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _options.Dispose();
        _session.Dispose();
        _probabilities.Dispose();
        _crop.Dispose();
    }
}
