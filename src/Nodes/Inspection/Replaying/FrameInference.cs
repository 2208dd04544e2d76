using Inspection.Embedded;
using Inspection.Nodes.Inference;
using Inspection.Protocol;
using Inspection.Vision.Archive;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Replaying;

/// <summary>A view computed again.</summary>
/// <param name="Evidence">As a worker would have answered.</param>
/// <param name="Map">The anomaly map, [MapHeight, MapWidth].</param>
/// <param name="Geometry">Where the map lies on the frame.</param>
internal sealed record ViewAgain(ViewEvidence Evidence, float[] Map, int MapWidth, int MapHeight, PreparedGeometry Geometry);

/// <summary>
/// Levels R1 and R2: the same preparation and the same packages over an archived frame, by the code that the live workers run, single-threaded
/// on the CPU. A package is chosen by model and thresholds.
/// </summary>
internal sealed class FrameInference : IDisposable
{
    private static readonly PackageLoadOptions Unsigned = new() { RequireSignature = false, CheckGolden = false };

    private readonly List<(CoarseModel Model, Lazy<ICoarseSession> Session, Preparer Preparer)> _coarse = [];
    private readonly List<(VerifierModel Model, Lazy<IVerifierSession> Session)> _verifiers = [];

    /// <param name="folders">Each a package.</param>
    /// <exception cref="PackageException">One of them is not in order.</exception>
    public FrameInference(IEnumerable<string> folders)
    {
        foreach (var folder in folders.Where(f => File.Exists(Path.Combine(f, PackageFiles.Model))).Distinct(StringComparer.Ordinal))
        {
            var package = ModelPackage.Load(folder, Unsigned);
            var options = new InferenceOptions();
            if (package.Manifest.Stage == ModelStage.Coarse)
            {
                var model = PackageModels.Coarse(package, options, tries: false);
                _coarse.Add((model, new Lazy<ICoarseSession>(model.Open), new Preparer(package.Manifest.Preparation)));
            }
            else
            {
                var model = PackageModels.Verifier(package, options, tries: false);
                _verifiers.Add((model, new Lazy<IVerifierSession>(model.Open)));
            }
        }
    }

    /// <param name="frame">The archived frame.</param>
    /// <param name="recorded">What was recorded of this view; a coarse model ran on it.</param>
    /// <param name="inForce">The line's verifier at that time; null: it had none.</param>
    /// <param name="policyOf">The line's models.</param>
    /// <param name="missing">Where null comes back: what is not here.</param>
    public ViewAgain? Run(ArchivedFrame frame, ViewEvidence recorded, ModelPolicy? inForce, Func<Digest, ModelPolicy?> policyOf, out string missing)
    {
        var verifier = recorded.Verifier is { } used ? policyOf(used.ModelDigest) : inForce;
        var stamp = recorded.Coarse!;
        var coarse = _coarse.Find(c => c.Model.Policy.ModelDigest == stamp.ModelDigest && c.Model.Policy.ThresholdsDigest == stamp.ThresholdsDigest);
        var second = verifier is null ? default : _verifiers.Find(v => v.Model.Policy.ModelDigest == verifier.ModelDigest && v.Model.Policy.ThresholdsDigest == verifier.ThresholdsDigest);
        missing = coarse.Model is null ? $"no package given has coarse model {stamp.ModelDigest.Short} with thresholds {stamp.ThresholdsDigest.Short}"
            : verifier is not null && second.Model is null ? $"no package given has verifier {verifier.ModelDigest.Short} with thresholds {verifier.ThresholdsDigest.Short}" : "";
        if (missing.Length > 0)
        {
            return null;
        }

        using var ring = new FrameRing(1, frame.Pixels.Length, coarse.Preparer.Spec.TensorLength);
        _ = ring.TryRent(out var slot);
        frame.Pixels.CopyTo(slot.PixelRoom);
        slot.SetShape(frame.Width, frame.Height, frame.Channels);
        var ticket = new FrameTicket();
        ticket.Begin(default, "", default, recorded.ExposureUtcTicks, new LineModels(coarse.Model!, second.Model));
        ticket.Slot = slot;
        _ = coarse.Preparer.Run(slot);
        ticket.TensorDigest = Digest.Of(slot.Tensor);
        var session = coarse.Session.Value;
        CoarseEvidence.Write(ticket, session, session.Run(slot), session.AnomalyMap);
        var map = session.AnomalyMap.ToArray();
        if (ticket.RegionCount > 0 && recorded.Candidates.Any(c => c.Verified))
        {
            var look = second.Session.Value;
            look.Run(slot, ticket.Regions, ticket.ProbabilityRoom(second.Model!.Manifest.Verifier!.Classes.Count));
            ticket.Verify(look.Stamp);
        }

        var shape = session.Manifest.Coarse!;
        return new ViewAgain(ticket.ToEvidence(recorded.Camera), map, shape.MapWidth, shape.MapHeight, slot.Geometry);
    }

    public void Dispose()
    {
        _coarse.Where(c => c.Session.IsValueCreated).ToList().ForEach(c => c.Session.Value.Dispose());
        _verifiers.Where(v => v.Session.IsValueCreated).ToList().ForEach(v => v.Session.Value.Dispose());
    }
}
