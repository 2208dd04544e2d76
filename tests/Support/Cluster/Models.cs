using Inspection.Vision.Cameras.Synthetic;

namespace Inspection.Tests.Support.Cluster;

/// <summary>
/// Small packages, fitted once a test run and signed: coarse and verifier on drawn parts, coarse on the real tiles. All in one folder that
/// every node may read; pictures lie elsewhere.
/// </summary>
public sealed class Models : IDisposable
{
    public const int Side = 160;

    private readonly Scratch _scratch = new();
    private readonly Lazy<Task<(string Coarse, string Verifier)>> _drawn;
    private readonly Lazy<Task<string>> _tile;

    public Models()
    {
        const UnixFileMode everybodyReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_scratch.Root, everybodyReads);
        _drawn = new(FitDrawnAsync);
        _tile = new(FitTileAsync);
    }

    public Task<(string Coarse, string Verifier)> DrawnAsync() => _drawn.Value;

    public Task<string> TileAsync() => _tile.Value;

    public void Dispose() => _scratch.Dispose();

    private async Task<(string, string)> FitDrawnAsync()
    {
        SyntheticDataset.Write(_scratch["drawn"], new SyntheticOptions { Width = Side, Height = Side, Seed = 7 }, goodCount: 40, testGood: 20, perDefect: 6);
        await FitAsync("coarse", "--data", _scratch["drawn"], "--out", _scratch["coarse"], "--bank", "200", "--no-flips");
        await FitAsync("verifier", "--data", _scratch["drawn"], "--coarse", _scratch["coarse"], "--out", _scratch["verifier"]);
        return (await SignedAsync("coarse"), await SignedAsync("verifier"));
    }

    private async Task<string> FitTileAsync()
    {
        await FitAsync("coarse", "--data", Repository.Shared("data/magnetic_tile"), "--out", _scratch["tile"], "--bank", "200", "--no-flips");
        return await SignedAsync("tile");
    }

    private static async Task FitAsync(string what, params string[] options) => _ = (await InspectionProcess.RunAsync(["fit", what, .. options])).Expect(0);

    private async Task<string> SignedAsync(string name)
    {
        _ = (await InspectionProcess.RunAsync("models", "sign", _scratch[name], "--key", _scratch["test.key"])).Expect(0);
        return _scratch[name];
    }
}
