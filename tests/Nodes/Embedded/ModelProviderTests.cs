using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Xunit;

namespace Inspection.Nodes.Tests.Embedded;

/// <summary>Where a plant's models run, and what is checked before they do.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class ModelProviderTests(FittedModels fitted) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-provider-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Both_sessions_give_the_golden_answers_through_their_own_buffers()
    {
        var unsigned = new PackageLoadOptions { RequireSignature = false };
        var verifier = PackageModels.Open(fitted.Verifier, ModelStage.Verifier, unsigned);
        using var looks = new OnnxVerifierSession(verifier);
        GoldenVectors.Check(verifier, looks);
        var coarse = PackageModels.Open(fitted.Coarse, ModelStage.Coarse, unsigned);
        using var batches = new OnnxBatchSession(coarse, new InferenceOptions());
        GoldenVectors.Check(coarse, batches, new InferenceOptions().Batches);
    }

    [Fact]
    public void A_package_that_no_line_uses_is_named_with_those_that_are_used()
    {
        var refused = Assert.Throws<PlantException>(() => PlantModels.Load(Plant("models: { smal: cpu }")));
        Assert.Contains("'smal'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("small", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_for_one_model_that_is_not_here_ends_the_start_and_does_not_run_it_on_the_CPU()
    {
        var refused = Assert.Throws<ProviderUnavailableException>(() => PlantModels.Load(Plant("device: 63, models: { small: cuda }")));
        Assert.Equal("cuda", refused.Provider);
    }

    private Plant Plant(string inference)
    {
        var file = Path.Combine(_folder.FullName, "plant.yaml");
        File.WriteAllText(file, $$"""
            plant: p
            inference: { {{inference}} }
            lines:
              - line: l1
                recipe: { name: r, coarse: '{{fitted.Coarse}}', verifier: '{{fitted.Verifier}}' }
                stations:
                  - station: s1
                    cameras:
                      - { camera: c1, synthetic: { seed: 1 } }
            """);
        return PlantReader.Read(file);
    }
}
