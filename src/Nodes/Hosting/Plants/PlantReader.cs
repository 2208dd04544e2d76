using System.Globalization;
using System.Text;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>Reads a plant file. Environment variables INSPECTION__A__0__B override the value a[0].b before anything is checked.</summary>
public static class PlantReader
{
    /// <summary>Rule V2: what the commit may take of the travel from camera to ejector.</summary>
    public static readonly TimeSpan CommitBudget = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan PulledDeadline = TimeSpan.FromSeconds(30);

    /// <param name="file">The plant file.</param>
    /// <param name="state">Where this node keeps what it writes; null: the plant file's own `state`.</param>
    /// <exception cref="PlantException">The file is missing, no YAML, or says something wrong.</exception>
    public static Plant Read(string file, string? state = null)
    {
        var full = Path.GetFullPath(file);
        if (!File.Exists(full))
        {
            throw new PlantException($"plant file {file} does not exist; make one with `inspection init --data DIR --out {Path.GetFileName(file)}`");
        }

        var text = YamlFile.Read(full);
        var root = YamlFile.Parse(file, text, "a plant file is one YAML document with keys (plant, lines, ...)");
        EnvironmentOverrides.ApplyToPlant(root);
        var folder = Path.GetDirectoryName(full)!;
        var plant = ReadPlant(new YamlSection(file, "", root), full, folder, state) with { Digest = Digest.Of(Encoding.UTF8.GetBytes(text)) };
        PlantRules.Check(plant);
        return plant;
    }

    private static Plant ReadPlant(YamlSection root, string file, string folder, string? nodeState)
    {
        var journal = root.Section("journal");
        var inference = root.Section("inference");
        var (log, archive) = (root.Section("log"), root.Section("archive"));
        var plantState = Absolute(folder, root.OptionalText("state") ?? "state");
        var state = nodeState ?? plantState;
        var plant = new Plant
        {
            Name = root.Name("plant", n => Names.IsValid(n) ? n : throw new ArgumentException($"'{n}' is not a name: use letters, digits, '.', '_' or '-'")),
            File = file,
            Journal = ReadJournal(journal, folder, state),
            KeyPath = Absolute(folder, root.OptionalText("key") ?? Path.Combine(state, "local.key")),
            Archive = archive is null ? null : new ArchivePlan(Absolute(folder, archive.OptionalText("folder") ?? Path.Combine(state, "frames")), archive.Number("ok_sample", 0.01, 0, 1)),
            Log = ReadLog(log, root, folder, state, journal),
            Inference = InferenceReader.Read(inference, state),
            Lines = [.. root.Sections("lines").Select(l => ReadLine(l, folder, state))],
        };
        journal?.NoOtherKeys();
        log?.NoOtherKeys();
        archive?.NoOtherKeys();
        root.NoOtherKeys();
        return plant;
    }

    private static JournalPlan ReadJournal(YamlSection? journal, string folder, string state)
    {
        var (postgres, sqlite) = (journal?.OptionalText("postgres"), journal?.OptionalText("sqlite"));
        if (postgres is null)
        {
            return new JournalPlan.Sqlite(Absolute(folder, sqlite ?? Path.Combine(state, "journal.db")));
        }

        if (sqlite is not null)
        {
            throw journal!.Wrong("postgres", "a journal is either 'postgres' or 'sqlite', and both are given (an environment variable INSPECTION__JOURNAL__... counts, too)");
        }

        try
        {
            return new JournalPlan.Postgres(new PostgresAddress(postgres));
        }
        catch (FormatException e)
        {
            throw journal!.Wrong("postgres", e.Message);
        }
    }

    /// <summary>With a SQLite journal there is one process, and a log of its own without a word in the plant file.</summary>
    private static LogPlan? ReadLog(YamlSection? log, YamlSection root, string folder, string state, YamlSection? journal)
    {
        if (log is null && journal?.OptionalText("postgres") is not null)
        {
            return null;
        }

        var origin = log?.OptionalText("origin") ?? $"inspection/{root.OptionalText("plant")}";
        if (!SignedNote.IsName(origin))
        {
            throw log!.Wrong("origin", $"'{origin}' is no name of a log: neither white space nor '+'");
        }

        var witnesses = (log?.Has("witnesses") == true ? log.Sections("witnesses") : []).Select(w =>
        {
            var address = w.Text("address");
            var plan = HttpAddress.TryParse(address) is { } uri
                ? new WitnessPlan(uri, Absolute(folder, w.Text("key")))
                : throw w.Wrong("address", $"'{address}' is no http address");
            w.NoOtherKeys();
            return plan;
        }).ToList();
        return new LogPlan(origin, Absolute(folder, log?.OptionalText("key") ?? Path.Combine(state, "log.key")), witnesses);
    }

    private static LinePlan ReadLine(YamlSection line, string folder, string state)
    {
        var id = line.Name("line", n => new LineId(n));
        var stations = line.Sections("stations").Select(s => ReadStation(s, id, folder, state)).ToArray();
        var plan = new LinePlan
        {
            Line = id,
            Recipe = ReadRecipe(line.Section("recipe") ?? throw line.Wrong("recipe", "is missing: name the models this line's product needs"), folder, stations),
            Stations = stations,
        };
        line.NoOtherKeys();
        return plan;
    }

    private static RecipePlan ReadRecipe(YamlSection recipe, string folder, StationPlan[] stations)
    {
        var dispositions = recipe.Section("dispositions");
        var shortest = stations.Where(s => s.Gate.Transport == Transport.Conveyor).Select(s => s.Gate.Travel - CommitBudget).DefaultIfEmpty(PulledDeadline).Min();
        var plan = new RecipePlan
        {
            Name = recipe.Text("name"),
            CoarsePackage = Absolute(folder, recipe.Text("coarse")),
            VerifierPackage = recipe.OptionalText("verifier") is { } v ? Absolute(folder, v) : null,
            Deadline = recipe.Duration("deadline") ?? shortest,
            OnNg = Choice(dispositions, "ng", Disposition.Scrap),
            OnReview = Choice(dispositions, "review", Disposition.Hold),
            OnFallback = Choice(dispositions, "fallback", Disposition.Hold),
            ByDefect = (dispositions?.Map("by_defect") ?? new Dictionary<string, string>())
                .Select(p => new DefectDisposition(p.Key, Word(dispositions!, "by_defect", p.Value)))
                .ToEquatableList(),
        };
        dispositions?.NoOtherKeys();
        recipe.NoOtherKeys();
        return plan;
    }

    private static StationPlan ReadStation(YamlSection station, LineId line, string folder, string state)
    {
        var id = station.Name("station", n => new StationId(n));
        var pace = station.Parsed("pace", Pace.Pulled, ParsePace, "'pulled', or triggers a second such as 10/s");
        var plan = new StationPlan
        {
            Station = id,
            Pace = pace,
            Window = station.Integer("window", 64, 1, 4096),
            Gate = GateReader.Read(station, pace, Path.GetFullPath(Path.Combine(state, $"ejector-{line}-{id}.jsonl"), folder), folder),
            Cameras = [.. station.Sections("cameras").Select(c => ReadCamera(c, folder))],
        };
        station.NoOtherKeys();
        return plan;
    }

    private static CameraPlan ReadCamera(YamlSection camera, string folder)
    {
        var synthetic = camera.Section("synthetic");
        var path = camera.OptionalText("folder");
        var labels = camera.Choice("labels", false, ("folder", true), ("none", false));
        if ((synthetic is null) == (path is null))
        {
            throw camera.Wrong("folder", "a camera has either 'folder' (pictures) or 'synthetic' (drawn parts)");
        }

        var plan = new CameraPlan
        {
            Camera = camera.Name("camera", n => new CameraId(n)),
            RingSlots = camera.Integer("ring", 8, 2, 1024),
            MaxMegapixels = camera.Number("max_megapixels", 25, 0.01, 400),
            FrozenAfter = camera.Integer("frozen_after", 0, 0, 1_000_000),
            Folder = path is null ? null : new FolderSource(Absolute(folder, path), labels),
            Synthetic = synthetic is null ? null : new SyntheticSource(
                synthetic.Integer("seed", 1, 0, int.MaxValue),
                synthetic.Integer("width", 320, 64, 4096),
                synthetic.Integer("height", 320, 64, 4096),
                synthetic.Number("defect_rate", 0.1, 0, 1),
                synthetic.Has("parts") ? synthetic.Integer("parts", 0, 1, int.MaxValue) : null),
        };
        synthetic?.NoOtherKeys();
        camera.NoOtherKeys();
        return plan;
    }

    private static Pace ParsePace(string text)
    {
        if (text == "pulled")
        {
            return Pace.Pulled;
        }

        return text.EndsWith("/s", StringComparison.Ordinal)
            && double.TryParse(text[..^2].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 10_000
            ? new Pace(rate)
            : throw new FormatException();
    }

    private static Disposition Choice(YamlSection? section, string key, Disposition fallback) => section?.Choice(key, fallback, Dispositions) ?? fallback;

    private static Disposition Word(YamlSection section, string key, string word) => Dispositions.FirstOrDefault(d => d.Word == word) is { Word: not null } found
        ? found.Value
        : throw section.Wrong(key, $"'{word}' is not a disposition: one of {string.Join(", ", Dispositions.Select(d => d.Word))}");

    private static readonly (string Word, Disposition Value)[] Dispositions =
        [("rework", Disposition.Rework), ("scrap", Disposition.Scrap), ("hold", Disposition.Hold)];

    private static string Absolute(string folder, string path) => Path.GetFullPath(path, folder);
}
