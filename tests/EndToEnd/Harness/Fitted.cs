using Inspection.Vision.Cameras.Synthetic;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>
/// Data and packages that many tests share, each made once a test run and only when first asked for. Packages are never changed here:
/// a test that changes one copies it.
/// </summary>
public sealed class Fitted : IDisposable
{
    /// <summary>Side of the small pictures, in pixels.</summary>
    public const int SmallSide = 160;

    private readonly Scratch _scratch = new();
    private readonly Lazy<string> _smallData;
    private readonly Lazy<Task<string>> _smallCoarse;
    private readonly Lazy<Task<RealRun>> _realRun;
    private readonly Lazy<Task<SmallBundle>> _smallBundle;

    public Fitted()
    {
        _smallData = new Lazy<string>(WriteSmallData);
        _smallCoarse = new Lazy<Task<string>>(() => FitCoarseAsync(SmallData, "small-coarse", "--bank", "200", "--no-flips"));
        _realRun = new Lazy<Task<RealRun>>(() => RealRun.MakeAsync(this));
        _smallBundle = new Lazy<Task<SmallBundle>>(() => SmallBundle.MakeAsync(this));
    }

    /// <summary>A drawn data set in folders by label: 40 good for training, 40 good and 20 bad to look at.</summary>
    public string SmallData => _smallData.Value;

    public string SmallTest => Path.Combine(SmallData, "test");

    public Task<string> SmallCoarseAsync() => _smallCoarse.Value;

    internal Task<RealRun> RealRunAsync() => _realRun.Value;

    internal Task<SmallBundle> SmallBundleAsync() => _smallBundle.Value;

    public async Task<string> FitCoarseAsync(string data, string name, params IEnumerable<string> options)
    {
        _ = (await InspectionProcess.RunAsync(["fit", "coarse", "--data", data, "--out", _scratch[name], .. options])).Expect(0);
        return _scratch[name];
    }

    public async Task<string> FitVerifierAsync(string data, string coarse, string name)
    {
        _ = (await InspectionProcess.RunAsync("fit", "verifier", "--data", data, "--coarse", coarse, "--out", _scratch[name])).Expect(0);
        return _scratch[name];
    }

    public void Dispose()
    {
        if (_realRun.IsValueCreated && _realRun.Value.IsCompletedSuccessfully)
        {
            _realRun.Value.Result.Dispose();
        }

        if (_smallBundle.IsValueCreated && _smallBundle.Value.IsCompletedSuccessfully)
        {
            _smallBundle.Value.Result.Dispose();
        }

        _scratch.Dispose();
    }

    private string WriteSmallData()
    {
        var folder = _scratch["small"];
        SyntheticDataset.Write(folder, new SyntheticOptions { Width = SmallSide, Height = SmallSide, Seed = 7 }, goodCount: 40, testGood: 40, perDefect: 4);
        return folder;
    }
}

/// <summary>All classes of one collection: real processes share the machine, so they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RealProcesses : ICollectionFixture<Fitted>
{
    public const string Name = "end to end";
}
