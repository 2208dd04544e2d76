using System.CommandLine;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Commands;

/// <summary>Offline: reads a journal or a bundle, also while a plant writes; changes nothing.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Exports, verifies and replays what a plant decided.\n\nExample: inspection audit verify --plant plant.yaml")
    {
        Export(), Verify(), Replay(),
    };

    private static Command Export()
    {
        var plant = Shared.Plant();
        var to = Shared.Required("--out", "A new directory for the bundle");
        var lines = new Option<string[]>("--line") { Description = "Only these lines; default: all", AllowMultipleArgumentsPerToken = true };
        var json = Shared.Json();
        var command = new Command("export", "Writes a bundle: all an auditor needs, in files of its own.\n\nExample: inspection audit export --plant plant.yaml --out bundle") { plant, to, lines, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var read = PlantReader.Read(parsed.GetRequiredValue(plant));
                using var source = read.Journal.OpenSource();
                var filter = new ExportFilter { Lines = (parsed.GetValue(lines) ?? []).Select(l => new LineId(l)).ToHashSet() };
                var manifest = BundleExporter.Export(source, parsed.GetRequiredValue(to), read.Name, filter, TimeProvider.System);
                foreach (var line in manifest.Lines)
                {
                    output.Line($"line {line.Line}: records {line.From} to {line.To}, head {line.Head[..12]}");
                }

                output.Line($"bundle written to {parsed.GetRequiredValue(to)}; next: {Shared.Program} audit verify {parsed.GetRequiredValue(to)}");
                output.Answer(manifest);
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    private static Command Verify()
    {
        var (bundle, plant, json) = (Bundle(), Shared.Plant(required: false), Shared.Json());
        var command = new Command("verify", "Checks chain, counters, terminal records, epochs, gate acts and models; names the first bad record.\n\nExample: inspection audit verify bundle") { bundle, plant, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = Open(parsed.GetValue(bundle), parsed.GetValue(plant), out _);
                var report = JournalVerifier.Verify(source);
                report.Print(output.People);
                output.AnswerText(report.ToJson());
                return Task.FromResult(report.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    private static Command Replay()
    {
        var (bundle, plant, json) = (Bundle(), Shared.Plant(required: false), Shared.Json());
        var level = new Option<string>("--level") { Description = "R0: every verdict again from its recorded scores", DefaultValueFactory = _ => ReplayR0.Level };
        _ = level.AcceptOnlyFromAmong(ReplayR0.Level);
        var command = new Command("replay", "Judges every part again and compares. Thresholds come from the plant's packages (or the bundle's), matched by model digest.\n\nExample: inspection audit replay --level R0 --plant plant.yaml") { bundle, plant, level, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = Open(parsed.GetValue(bundle), parsed.GetValue(plant), out var packages);
                var report = ReplayR0.Run(source, PackagePolicies.FromFolders(packages));
                report.Print(output.People);
                output.AnswerText(report.ToJson());
                return Task.FromResult(report.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    private static Argument<string?> Bundle() => new("BUNDLE") { Description = "A bundle directory; or give --plant", Arity = ArgumentArity.ZeroOrOne };

    private static IJournalSource Open(string? bundle, string? plant, out IReadOnlyList<string> packages)
    {
        switch (bundle, plant)
        {
            case ({ } folder, null):
                var reader = BundleReader.Open(folder);
                packages = reader.PackageFolders;
                return reader;
            case (null, { } file):
                var read = PlantReader.Read(file);
                packages = [.. read.Lines.SelectMany(l => new[] { l.Recipe.CoarsePackage, l.Recipe.VerifierPackage }).OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
                return read.Journal.OpenSource();
            default:
                throw new PlantException("say what to read: either a bundle directory, or --plant FILE, not both");
        }
    }
}
