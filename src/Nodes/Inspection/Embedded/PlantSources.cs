using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Imaging;

namespace Inspection.Embedded;

/// <summary>The cameras and parts a plant file names, opened, and what is known of the truth about their parts.</summary>
internal sealed class PlantSources
{
    private readonly List<(LinePlan Line, StationPlan Station, IPartSource Parts, Func<int, ICamera> Camera)> _stations = [];
    private readonly Dictionary<LineId, Func<string, string?>> _truth = [];

    /// <summary>Whether the truth is known anywhere, so that escapes and overkill can be counted.</summary>
    public bool IsLabelled => _truth.Count > 0;

    /// <exception cref="CameraSetupException">A folder is missing or holds no picture.</exception>
    public static PlantSources Open(Plant plant) => Open(plant, static _ => true);

    /// <param name="plant">Names the cameras.</param>
    /// <param name="reaches">Whether this node reaches a station's cameras.</param>
    /// <exception cref="CameraSetupException">A folder is missing or holds no picture.</exception>
    /// <exception cref="PlantException">An environment variable that the plant file names is not set.</exception>
    public static PlantSources Open(Plant plant, Func<StationName, bool> reaches)
    {
        var sources = new PlantSources();
        foreach (var line in plant.Lines)
        {
            foreach (var station in line.Stations)
            {
                if (reaches(new StationName(line.Line, station.Station)))
                {
                    sources.Add(line, station);
                }
            }
        }

        return sources;
    }

    public string? TruthOf(LineId line, string externalId) => _truth.TryGetValue(line, out var truth) ? truth(externalId) : null;

    public IReadOnlyList<StationSetup> Setups(PlantModels models) =>
        [.. _stations.Select(s => new StationSetup(
            s.Line,
            s.Station,
            models.Of(s.Line.Line).Models,
            s.Parts,
            [.. s.Station.Cameras.Select((c, i) => new CameraSetup(c, () => s.Camera(i)))]))];

    /// <summary>How many parts all sources hold; null where one is endless.</summary>
    public long? Total => _stations.Select(s => s.Parts.CountAfter("")).Aggregate((long?)0, (sum, count) => sum + count);

    private void Add(LinePlan line, StationPlan station)
    {
        _ = station.Gate.Mqtt?.ReadCredentials(); // not first when the gate opens
        if (station.Cameras[0].Synthetic is { } synthetic)
        {
            var drawn = new SyntheticLine(OptionsOf(synthetic, station.Cameras.Count));
            _stations.Add((line, station, new SyntheticParts(drawn.Options), view => new SyntheticCamera(drawn, view)));
            _truth[line.Line] = id => drawn.TruthOf(id).Label;
            return;
        }

        // the first camera's folder says which parts there are; the others hold the same names
        var parts = new FolderParts(station.Cameras[0].Folder!.Path);
        _stations.Add((line, station, parts, view =>
        {
            var camera = station.Cameras[view];
            return new FolderCamera(camera.Folder!.Path, ImageLimits.Of(camera.MaxMegapixels));
        }
        ));
        if (station.Cameras[0].Folder!.Labelled)
        {
            _truth[line.Line] = Truth.OfPath;
        }
    }

    internal static SyntheticOptions OptionsOf(SyntheticSource source, int cameras) => new()
    {
        Seed = source.Seed,
        Width = source.Width,
        Height = source.Height,
        DefectRate = source.DefectRate,
        Count = source.Parts,
        Cameras = cameras,
    };
}
