using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>The packages of a worker node, found by the digest that names them between nodes.</summary>
public sealed class WorkerModels
{
    private readonly Dictionary<Digest, LineModels> _coarse = [];
    private readonly Dictionary<Digest, LineModels> _verifiers = [];
    private readonly Packages _packages = new();

    /// <param name="held">Verified; the workers open their sessions before they give credit.</param>
    /// <param name="unavailable">Packages that cannot be loaded, each with why: named in the log of every sensor node, and given no work.</param>
    public WorkerModels(IEnumerable<LineModels> held, IEnumerable<string>? unavailable = null)
    {
        Held = [.. held];
        foreach (var models in Held)
        {
            if (_coarse.TryAdd(models.Coarse.Package, models))
            {
                _packages.CoarseHeld.Add(DataPlaneValues.ToWire(models.Coarse.Package));
            }

            if (models.Verifier is { } verifier && _verifiers.TryAdd(verifier.Package, models))
            {
                _packages.VerifiersHeld.Add(DataPlaneValues.ToWire(verifier.Package));
            }
        }

        _packages.Unavailable.Add(unavailable ?? []);
    }

    public IReadOnlyList<LineModels> Held { get; }

    /// <summary>Bytes of the largest prepared tensor.</summary>
    public int LargestTensor => Held.Select(m => m.Coarse.Manifest.Preparation.TensorLength).DefaultIfEmpty(1).Max();

    internal LineModels? WithCoarse(Digest package) => _coarse.GetValueOrDefault(package);

    internal LineModels? WithVerifier(Digest package) => _verifiers.GetValueOrDefault(package);

    internal Packages ToWire() => _packages.Clone();
}
