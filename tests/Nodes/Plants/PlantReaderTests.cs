using Inspection.Decisions.Gate;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Xunit;

namespace Inspection.Nodes.Tests.Plants;

public sealed class PlantReaderTests : IDisposable
{
    private const string Good = """
        plant: p
        lines:
          - line: l1
            recipe: { name: r, coarse: models/c, verifier: models/v, dispositions: { ng: rework, by_defect: { scratch: scrap } } }
            stations:
              - station: s1
                pace: 10/s
                gate: { travel: 2 s }
                cameras:
                  - camera: c1
                    synthetic: { seed: 4 }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-plant-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_plant_file_reads_as_written_with_paths_relative_to_it()
    {
        var plant = Read(Good);
        var line = Assert.Single(plant.Lines);
        Assert.Equal(Path.Combine(_folder.FullName, "models", "c"), line.Recipe.CoarsePackage);
        Assert.Equal(new JournalPlan.Sqlite(Path.Combine(_folder.FullName, "state", "journal.db")), plant.Journal);
        Assert.Equal(TimeSpan.FromMilliseconds(1900), line.Recipe.Deadline);
        Assert.Equal(Disposition.Rework, line.Recipe.OnNg);
        Assert.Equal(new DefectDisposition("scratch", Disposition.Scrap), Assert.Single(line.Recipe.ByDefect));
        var station = Assert.Single(line.Stations);
        Assert.Equal((10.0, Transport.Conveyor), (station.Pace.PerSecond!.Value, station.Gate.Transport));
        Assert.Equal(4, Assert.Single(station.Cameras).Synthetic!.Seed);
    }

    [Theory]
    [InlineData("seed: 4", "sede: 4", "'lines[0].stations[0].cameras[0].synthetic.sede'; did you mean 'seed'?")]
    [InlineData("plant: p", "plnt: p", "'plant' is missing")]
    [InlineData("pace: 10/s", "pace: quick", "'pulled', or triggers a second such as 10/s")]
    [InlineData("gate: { travel: 2 s }", "", "needs gate.travel")]
    [InlineData("gate: { travel: 2 s }", "gate: { travel: 2 }", "a duration such as 500 ms")]
    [InlineData("gate: { travel: 2 s }", "gate: { travel: 80 ms }", "must exceed the commit budget")]
    [InlineData("ng: rework", "ng: melt", "one of rework, scrap, hold")]
    [InlineData("synthetic: { seed: 4 }", "synthetic: { seed: 4 }\n            folder: x", "either 'folder' (pictures) or 'synthetic'")]
    [InlineData("line: l1", "line: 'l/1'", "is not a name")]
    [InlineData("lines:", "lines: none\nx:", "must be a list")]
    [InlineData("plant: p", "plant: [", "not YAML")]
    [InlineData("plant: p", "plant: p\njournal: { postgres: 'Host=h;Username=u;Database=d', sqlite: x }", "either 'postgres' or 'sqlite'")]
    [InlineData("plant: p", "plant: p\njournal: { postgres: 'Host=h;Database=d' }", "'journal.postgres': lacks Username")]
    [InlineData("plant: p", "plant: p\njournal: { postgres: 'over there' }", "is no connection string")]
    [InlineData("plant: p", "plant: p\njournal: { postgress: x }", "did you mean 'postgres'?")]
    public void What_is_wrong_is_named_with_its_line_and_what_is_allowed(string right, string wrong, string said)
    {
        var refused = Assert.Throws<PlantException>(() => Read(Good.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("plant.yaml", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ejector_over_MQTT_is_read_and_the_simulated_one_is_the_default()
    {
        var gate = Read(Mqtt("mqtt: { broker: 'broker.plant:1883', topic: p/l1/s1, user_variable: PLANT_USER, password_variable: PLANT_PASSWORD }, stop_after: 20, pass_window: 80 ms")).Lines[0].Stations[0].Gate;
        Assert.Equal(("broker.plant:1883", "p/l1/s1", "PLANT_USER", "PLANT_PASSWORD"), ($"{gate.Mqtt!.Broker}", gate.Mqtt.Topic, gate.Mqtt.UserVariable, gate.Mqtt.PasswordVariable));
        Assert.Equal((20, TimeSpan.FromMilliseconds(80)), (gate.StopAfter, gate.PassWindow));
        var said = Assert.Throws<PlantException>(() => PlantSources.Open(Read(Mqtt("mqtt: { broker: 'b:1', topic: t, user_variable: INSPECTION_TESTS_NEVER_SET }"))));
        Assert.Contains("INSPECTION_TESTS_NEVER_SET is not set", said.Message, StringComparison.Ordinal);
        var plain = Read(Good).Lines[0].Stations[0].Gate;
        Assert.Equal((null, 0, TimeSpan.FromMilliseconds(100)), (plain.Mqtt, plain.StopAfter, plain.PassWindow));
    }

    [Theory]
    [InlineData("mqtt: { topic: t }", "'lines[0].stations[0].gate.mqtt.broker' is missing")]
    [InlineData("mqtt: { broker: 'b:1' }", "gate.mqtt.topic' is missing")]
    [InlineData("mqtt: { broker: b, topic: t }", "must be HOST:PORT")]
    [InlineData("mqtt: { broker: 'b:70000', topic: t }", "must be HOST:PORT")]
    [InlineData("mqtt: { broker: 'anna:hidden@b:1883', topic: t }", "must be HOST:PORT")]
    [InlineData("mqtt: { broker: 'b:1', topic: 'p/#' }", "is no topic for a station")]
    [InlineData("mqtt: { broker: 'b:1', topic: '/p' }", "is no topic for a station")]
    [InlineData("mqtt: { broker: 'b:1', topic: t, password: hidden }", "unknown key 'lines[0].stations[0].gate.mqtt.password'")]
    [InlineData("mqtt: { broker: 'b:1', topic: t, user_variable: anna }", "the name of an environment variable")]
    [InlineData("mqtt: { broker: 'b:1', topic: t, password_variable: P }", "needs 'user_variable'")]
    [InlineData("mqtt: { broker: 'b:1', topic: t }, ejector_log: x", "belongs to the simulated ejector")]
    [InlineData("mqtt: { broker: 'b:1', topic: t }, pass_window: 101 ms", "at most the way between two parts")]
    [InlineData("stop_after: 3", "mqtt needs 'mqtt: { broker: HOST:PORT")]
    public void What_is_wrong_with_an_ejector_over_MQTT_is_named_and_no_password_shown(string more, string said)
    {
        var refused = Assert.Throws<PlantException>(() => Read(Mqtt(more)));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MQTT_settings_without_its_ejector_or_for_a_pulled_source_are_refused()
    {
        Assert.Contains("belongs to 'ejector: mqtt'", Assert.Throws<PlantException>(() => Read(Mqtt("mqtt: { broker: 'b:1', topic: t }").Replace("ejector: mqtt, ", "", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Contains("for a conveyor", Assert.Throws<PlantException>(() => Read(Mqtt("mqtt: { broker: 'b:1', topic: t }").Replace("10/s", "pulled", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Contains("set pass_window below", Assert.Throws<PlantException>(() => Read(Mqtt("mqtt: { broker: 'b:1', topic: t }").Replace("10/s", "20/s", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    private static string Mqtt(string more) => Good.Replace("travel: 2 s", $"travel: 2 s, ejector: mqtt, {more}", StringComparison.Ordinal);

    [Fact]
    public void A_journal_on_PostgreSQL_never_shows_its_password()
    {
        const string journal = "\njournal: { postgres: 'Host=db;Port=6000;Username=u;Password=hidden;Database=d' }\n";
        var plant = Read(Good + journal);
        var postgres = Assert.IsType<JournalPlan.Postgres>(plant.Journal);
        Assert.Equal("PostgreSQL journal d on db:6000", postgres.ToString());
        Assert.Contains("Password=hidden", postgres.Address.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", plant.ToString(), StringComparison.Ordinal);

        var refused = Assert.Throws<PlantException>(() => Read(Good + journal.Replace("Port=6000", "Port=hidden", StringComparison.Ordinal)));
        Assert.DoesNotContain("hidden", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadline_that_does_not_fit_the_travel_is_refused()
    {
        var refused = Assert.Throws<PlantException>(() => Read(Good.Replace("name: r,", "name: r, deadline: 1950 ms,", StringComparison.Ordinal)));
        Assert.Contains("(rule V2)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_lines_of_one_name_are_refused()
    {
        var second = Good[Good.IndexOf("  - line", StringComparison.Ordinal)..];
        var refused = Assert.Throws<PlantException>(() => Read(Good + "\n" + second));
        Assert.Contains("the line 'l1' stands there 2 times", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void How_models_run_on_a_GPU_is_read_key_by_key()
    {
        var inference = Read(Good + """

            inference:
              provider: cuda
              device: 1
              memory_limit_mib: 4096
              batches: [1, 2, 16]
              cuda_graphs: on
              tf32: on
              engine_cache: engines
              models: { small: cpu }
            """).Inference;
        Assert.True(inference.UsesGpu);
        var own = WorkerSetup.OptionsOf(inference, "other");
        Assert.Equal((InferenceProvider.Cuda, 1, 4096L << 20, true, true), (own.Provider, own.DeviceId, own.MemoryLimit, own.CudaGraphs, own.Tf32));
        Assert.Equal([1, 2, 16], own.Batches);
        Assert.Equal(Path.Combine(_folder.FullName, "state", "engines"), own.EngineCache);
        var small = WorkerSetup.OptionsOf(inference, "small").Validate();
        Assert.Equal((InferenceProvider.Cpu, false), (small.Provider, small.CudaGraphs));
        Assert.Equal([1, 2, 16], WorkerSetup.Of(inference, []).Batching!.Buckets);
        Assert.Null(WorkerSetup.Of(Read(Good).Inference, []).Batching); // on a CPU one frame at a time (rule W5)
    }

    [Theory]
    [InlineData("batches: [4, 8]", "batch sizes ascend from 1")]
    [InlineData("memory_limit_mib: 3", "64 and more")]
    [InlineData("cuda_graphs: perhaps", "one of on, off")]
    [InlineData("models: { small: gpu }", "one of cpu, cuda, tensorrt")]
    public void What_a_GPU_cannot_do_is_named(string wrong, string said)
    {
        var refused = Assert.Throws<PlantException>(() => Read($"{Good}\ninference:\n  {wrong}\n"));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_variable_overrides_a_value_before_it_is_checked()
    {
        const string name = "INSPECTION__LINES__0__STATIONS__0__GATE__TRAVEL";
        Environment.SetEnvironmentVariable(name, "7 s");
        try
        {
            Assert.Equal(TimeSpan.FromSeconds(7), Read(Good).Lines[0].Stations[0].Gate.Travel);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void The_template_that_init_writes_is_a_plant_file()
    {
        var text = PlantTemplate.Write("p", "by a test\nsecond line", [
            new PlantTemplateLine("a", "r", "models/c", null, "pulled", null, [("c1", ["folder: \"x\"", "labels: folder"])]),
            new PlantTemplateLine("b", "r", "models/c", "models/v", "4/s", "3 s", [("c1", ["synthetic: { seed: 1 }"]), ("c2", ["synthetic: { seed: 1 }"])]),
        ]);
        var plant = Read(text);
        Assert.Equal(["a", "b"], plant.Lines.Select(l => l.Line.Value));
        Assert.Equal(TimeSpan.FromSeconds(3), plant.Lines[1].Stations[0].Gate.Travel);
        Assert.True(plant.Lines[0].Stations[0].Cameras[0].Folder!.Labelled);
    }

    private Plant Read(string text)
    {
        var file = Path.Combine(_folder.FullName, "plant.yaml");
        File.WriteAllText(file, text);
        return PlantReader.Read(file);
    }
}
