using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Models;

namespace Inspection.Learning.Tests;

/// <summary>One small coarse package, fitted once for all tests that only read or copy it.</summary>
public sealed class FittedPackages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FittedPackages()
    {
        Data = DrawnParts.Write(_folder.Of("parts"), good: 24, defectsEach: 6);
        using var key = SigningKey.LoadOrCreate(_folder.Of("key.pem"));
        Coarse = CoarseFitter.Fit(Data, _folder.Of("coarse"), Options, key);
    }

    public static CoarseFitOptions Options => new() { Pixels = 96 * 96, BankSize = 120, CandidatePatches = 1_500, Components = 32 };

    public ImageDataset Data { get; }

    public CoarseFitResult Coarse { get; }

    public string KeyPath => _folder.Of("key.pem");

    /// <summary>A copy of the coarse package that a test may spoil.</summary>
    public string Copy(string name)
    {
        var target = _folder.Of(name);
        foreach (var file in Directory.EnumerateFiles(Coarse.Directory, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(target, Path.GetRelativePath(Coarse.Directory, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return target;
    }

    public string NewFolder(string name) => _folder.Of(name);

    public void Dispose() => _folder.Dispose();
}

[CollectionDefinition(Name)]
public sealed class FittedCollection : ICollectionFixture<FittedPackages>
{
    public const string Name = "fitted packages";
}
