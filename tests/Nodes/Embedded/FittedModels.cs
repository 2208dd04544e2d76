using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Cameras.Synthetic;
using Xunit;

namespace Inspection.Nodes.Tests.Embedded;

/// <summary>Both packages, fitted once a test run on a few small drawn parts: real models, as small as they get.</summary>
public sealed class FittedModels : IDisposable
{
    public const int Side = 96;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-models-");

    public FittedModels()
    {
        var data = Path.Combine(_folder.FullName, "data");
        SyntheticDataset.Write(data, new SyntheticOptions { Width = Side, Height = Side, Seed = 5 }, goodCount: 24, testGood: 2, perDefect: 4);
        var set = ImageDataset.Open(data);
        _ = CoarseFitter.Fit(set, Coarse, new CoarseFitOptions { Name = "small", Pixels = Side * Side, BankSize = 128, CandidatePatches = 500, CandidateRate = 0.5, RejectRate = 0.2 });
        _ = VerifierFitter.Fit(set, null, Coarse, Verifier, new VerifierFitOptions { Name = "small", CropPixels = 64, CropMinimum = 48 });
    }

    public string Coarse => Path.Combine(_folder.FullName, "coarse");

    public string Verifier => Path.Combine(_folder.FullName, "verifier");

    public void Dispose() => _folder.Delete(recursive: true);
}

[CollectionDefinition(Name)]
public sealed class FittedModelsCollection : ICollectionFixture<FittedModels>
{
    public const string Name = "fitted models";
}
