using System.Globalization;
using System.Text;
using Inspection.Audit.Transparency;

namespace Inspection.Tests.Support.Cluster;

/// <summary>
/// A plant of many processes on a PostgreSQL of its own. Two lines: `drawn` (synthetic parts; its station is reached by both sensor nodes) and
/// `tile` (real pictures in a folder that only the sensor nodes' user may read; wired to sensor-1). Every process is real.
/// </summary>
public sealed class ClusterPlant : IAsyncDisposable
{
    public const string Drawn = "drawn";
    public const string Tile = "tile";
    public const string Station = "s1";

    private readonly Scratch _scratch = new();
    private readonly List<string> _told = [];
    private readonly Dictionary<string, ClusterNode> _nodes = [];
    private readonly int[] _supervisorPorts = [Ports.Free(), Ports.Free(), Ports.Free()];

    private ClusterPlant(PostgresServer database) => Database = database;

    public PostgresServer Database { get; }

    public IReadOnlyCollection<ClusterNode> Nodes => _nodes.Values;

    public ClusterNode this[string id] => _nodes[id];

    public int Kills { get; private set; }

    public static IReadOnlyList<NodeSpec> Usual { get; } =
    [
        new("supervisor-1", "supervisor"), new("supervisor-2", "supervisor"), new("supervisor-3", "supervisor"),
        new("sensor-1", "sensor"), new("sensor-2", "sensor") { More = $"stations: [ {Drawn}/{Station} ]\n" },
        new("detector-1", "detector,verifier") { Unprivileged = true }, new("detector-2", "detector,verifier") { Unprivileged = true },
    ];

    /// <summary>Writes all files and starts the database; no node runs yet.</summary>
    /// <param name="models">What the lines inspect with.</param>
    /// <param name="nodes">Null: <see cref="Usual"/>.</param>
    /// <param name="drawnPace">Of the line `drawn`.</param>
    /// <param name="tilePace">Of the line `tile`.</param>
    /// <param name="ring">Frames of each line's camera.</param>
    /// <param name="deadline">Of both lines, in seconds.</param>
    /// <param name="more">Lines beyond, as YAML; COARSE stands for the drawn parts' package.</param>
    public static async Task<ClusterPlant> MakeAsync(Models models, IReadOnlyList<NodeSpec>? nodes = null, string drawnPace = "4/s", string tilePace = "2/s", int ring = 8, int deadline = 2, string more = "")
    {
        var far = nodes?.Any(n => n.Place > 0) ?? false;
        var plant = new ClusterPlant(await PostgresServer.StartAsync(far ? [$"listen_addresses = '127.0.0.1,{Network.HostAddress}'"] : []));
        if (far)
        {
            await plant.Database.AllowAsync(Network.Subnet);
        }

        File.SetUnixFileMode(plant._scratch.Root, Everybody);
        plant.CopyPictures();
        plant.LogKey = NoteKeyFile.Create(plant._scratch["log.key"], "cluster.example/log", NoteKeyKind.Ed25519);
        File.SetUnixFileMode(plant._scratch["log.key"], Everybody); // also of the unprivileged nodes' user
        var (coarse, verifier) = await models.DrawnAsync();
        var tile = await models.TileAsync();
        _ = plant._scratch.File("plant.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            plant: cluster
            journal: { postgres: "{{plant.Database.ConnectionString().Replace("127.0.0.1", far ? Network.HostAddress : "127.0.0.1", StringComparison.Ordinal)}}" }
            log: { origin: cluster.example/log, key: log.key }
            archive: { folder: frames, ok_sample: 0.2 }
            lines:
              - line: {{Drawn}}
                recipe: { name: drawn-part, coarse: "{{coarse}}", verifier: "{{verifier}}", deadline: {{deadline}} s }
                stations:
                  - station: {{Station}}
                    pace: {{drawnPace}}
                    gate: { travel: {{deadline + 1}} s }
                    cameras:
                      - { camera: c1, ring: {{ring}}, synthetic: { seed: 5, width: {{Models.Side}}, height: {{Models.Side}}, defect_rate: 0.2 } }
              - line: {{Tile}}
                recipe: { name: tile, coarse: "{{tile}}", deadline: {{deadline}} s }
                stations:
                  - station: {{Station}}
                    pace: {{tilePace}}
                    gate: { travel: {{deadline + 1}} s }
                    cameras:
                      - { camera: c1, ring: {{ring}}, folder: "{{plant.Pictures}}" }

            """) + more.Replace("COARSE", coarse, StringComparison.Ordinal));
        foreach (var spec in nodes ?? Usual)
        {
            plant.Add(spec);
        }

        return plant;
    }

    /// <summary>All pictures that the line `tile` sees.</summary>
    public string Pictures => _scratch["pictures"];

    /// <summary>Of the plant's log.</summary>
    public NoteVerifier LogKey { get; private set; } = null!;

    public string PlantFile => _scratch["plant.yaml"];

    public string Folder => _scratch.Root;

    /// <summary>What happened so far, one line each: processes, signals.</summary>
    public string Told
    {
        get
        {
            lock (_told)
            {
                return string.Join('\n', _told);
            }
        }
    }

    public ClusterNode Add(NodeSpec spec)
    {
        var number = spec.Id.StartsWith("supervisor-", StringComparison.Ordinal) ? int.Parse(spec.Id[11..], CultureInfo.InvariantCulture) - 1 : -1;
        var http = number is >= 0 and < 3 ? _supervisorPorts[number] : Ports.Free();
        var file = _scratch.File($"{spec.Id}.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            id: {{spec.Id}}
            cluster: test
            plant: plant.yaml
            state: state/{{spec.Id}}
            address: { host: {{spec.Host}}, remote: {{Ports.Free()}}, http: {{http}}, data: {{Ports.Free()}} }
            supervisors: [ {{string.Join(", ", _supervisorPorts.Select((p, i) => $"\"{(spec.Place == 0 ? "127.0.0.1" : Network.Address(i + 1))}:{p}\""))}} ]
            {{spec.More}}
            """));
        _ = Directory.CreateDirectory(_scratch[$"state/{spec.Id}"]);
        File.SetUnixFileMode(_scratch[$"state/{spec.Id}"], Everybody);
        return _nodes[spec.Id] = new ClusterNode(spec, file, http, Say);
    }

    public void StartAll()
    {
        foreach (var node in _nodes.Values)
        {
            node.Start();
        }
    }

    public void Kill(string id)
    {
        Kills++;
        this[id].Send(Signal.Kill);
    }

    /// <summary>The first node that answers says how the plant is; null where none does.</summary>
    public async Task<Status?> StatusAsync(string? of = null)
    {
        foreach (var node in _nodes.Values.Where(n => n.IsRunning && (of is null || n.Id == of)))
        {
            if (await Status.OfAsync(node.Http) is { } status)
            {
                return status;
            }
        }

        return null;
    }

    public Task<Status?> UntilAsync(Func<Status, bool> wanted, string what, string? of = null) =>
        Waiting.UntilAsync(() => StatusAsync(of), s => s is not null && wanted(s), what, Explain);

    /// <summary>A counter summed over the sensor nodes that answer; 0 where none does.</summary>
    public async Task<double> CounterAsync(string name)
    {
        var pages = await Task.WhenAll(_nodes.Values.Where(n => n.Spec.Roles.Contains("sensor", StringComparison.Ordinal)).Select(n => Status.PageAsync(n.Http, "metrics")));
        return pages.SelectMany(p => p.Text.Split('\n'))
            .Where(l => l.StartsWith(name, StringComparison.Ordinal) && (l[name.Length] is ' ' or '{'))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Every node that should run is a reachable member in the eyes of a supervisor, and ready by its own page, and each line decides so many
    /// parts more: what an operator, or Kubernetes, waits for before the next node is touched.
    /// </summary>
    public async Task<Status> AllWellAsync(int parts = 4)
    {
        var running = _nodes.Values.Where(n => n.ShouldRun).Select(n => n.Id).ToHashSet();
        var before = await UntilAsync(
            s => running.All(id => s.Members.Any(m => m is { Status: "up", Reachable: true } && m.Node == id)) && s.Lines.All(l => l.Answers),
            $"{string.Join(", ", running)} to be members and all lines to answer");
        foreach (var node in _nodes.Values.Where(n => running.Contains(n.Id)))
        {
            _ = await Waiting.UntilAsync(() => Status.PageAsync(node.Http, "health/ready"), p => p.Text == "ready\n", $"{node.Id} to be ready", Explain);
        }

        return (await UntilAsync(s => s.Lines.All(l => l.Answers && l.Decided >= before!.Line(l.Line).Decided + parts), $"{parts} more decided parts on each line"))!;
    }

    public void Say(string what)
    {
        lock (_told)
        {
            _told.Add(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {what}"));
        }
    }

    /// <summary>For a test that fails: what happened, and the last words of every node.</summary>
    public string Explain()
    {
        var text = new StringBuilder(Told).Append('\n');
        foreach (var node in _nodes.Values)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"=== {node.Id} ({(node.IsRunning ? "runs" : "down")})\n{node.Tail}\n");
        }

        return text.ToString();
    }

    public string EjectorLog(string node, string line) => _scratch[$"state/{node}/ejector-{line}-{Station}.jsonl"];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        await Database.DisposeAsync();
        _scratch.Dispose();
    }

    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Everybody = OnlyMe
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The test pictures many times over, each under a name of its own: real pictures for some hours, on a slow machine too.</summary>
    private void CopyPictures()
    {
        const int rounds = 64;
        _ = Directory.CreateDirectory(Pictures);
        foreach (var picture in Directory.GetFiles(Repository.Shared("data/magnetic_tile/test"), "*", SearchOption.AllDirectories))
        {
            string Name(int round) => Path.Combine(Pictures, $"{round:00}-{Path.GetFileName(Path.GetDirectoryName(picture))}-{Path.GetFileName(picture)}");
            File.Copy(picture, Name(0));
            for (var round = 1; round < rounds; round++)
            {
                Linux.Link(Name(0), Name(round));
            }
        }

        File.SetUnixFileMode(Pictures, OnlyMe);
    }
}
