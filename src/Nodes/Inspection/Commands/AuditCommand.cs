using System.CommandLine;
using Inspection.Audit;
using Inspection.Audit.Bundles;
using Inspection.Audit.Frames;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Console;
using Inspection.Learning.Fitting;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Replaying;

namespace Inspection.Commands;

/// <summary>Offline: reads a journal or a bundle, also while a plant writes; changes nothing.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Exports, verifies and replays what a plant decided.\n\nExample: inspection audit verify --plant plant.yaml")
    {
        Export(), Verify(), Replay(), AuditAsking.At(), AuditAsking.Counterfactual(), AuditWhy.Create(), AuditReceipt.Give(), AuditReceipt.Check(), NewKey(),
    };

    private static Command Export()
    {
        var plant = Shared.Plant();
        var to = Shared.Required("--out", "A new directory for the bundle");
        var lines = new Option<string[]>("--line") { Description = "Only these lines; default: all", AllowMultipleArgumentsPerToken = true };
        var before = new Option<DateTimeOffset?>("--before") { Description = "End each line before its first record of this time or later; default: to the end" };
        var frames = new Option<bool>("--frames") { Description = "With the archived frames that the records name: a person may be in them, and they lie in clear" };
        var json = Shared.Json();
        var command = new Command("export", "Writes a bundle: all an auditor needs, in files of its own.\n\nExample: inspection audit export --plant plant.yaml --out bundle") { plant, to, lines, before, frames, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var read = PlantReader.Read(parsed.GetRequiredValue(plant));
                using var source = read.Journal.OpenSource();
                var filter = new ExportFilter { Lines = (parsed.GetValue(lines) ?? []).Select(l => new LineId(l)).ToHashSet(), Before = parsed.GetValue(before), Frames = !parsed.GetValue(frames) ? null : read.Archive?.Folder ?? throw new PlantException($"{read.File} keeps no frames: it has no 'archive'") };
                var manifest = BundleExporter.Export(source, parsed.GetRequiredValue(to), read.Name, filter, TimeProvider.System);
                foreach (var line in manifest.Lines)
                {
                    output.Line($"line {line.Line}: records {line.From} to {line.To}, head {line.Head[..12]}");
                }

                if (manifest.Frames is { } kept)
                {
                    output.Line($"frames: {kept.Count}");
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
        var json = Shared.Json();
        var logKey = Files("--log-key", "A file with the verifier key of the plant's log; several after a rotation");
        var witness = Files("--witness", "A file with the verifier key of a witness");
        var held = Files("--held", "A checkpoint kept from earlier, which the log must continue");
        var partial = new Option<bool>("--partial") { Description = "The bundle was asked for as a part: lines that are left out or cut off are no finding" };
        var command = new Command("verify", "Checks chain, counters, terminal records, epochs, gate acts, models and the plant's log; names the first bad record. Signatures are checked with the keys that are given.\n\nExample: inspection audit verify bundle --log-key log.key.pub --witness witness.key.pub") { logKey, witness, held, partial, json };
        var from = AuditSource.AddTo(command, asArgument: true, withFrames: true);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = from.Open(parsed, out _);
                var trust = new LogTrust(Keys(parsed.GetValue(logKey), NoteKeyKind.Ed25519), Keys(parsed.GetValue(witness), NoteKeyKind.Cosignature), [.. (parsed.GetValue(held) ?? []).Select(f => (f, Note(f)))], parsed.GetValue(partial));
                var report = VerifyShowing(output, source, trust, from.Frames(parsed) is { } archive ? new ArchivedFrames(archive) : null, cancel);
                report.Print(output.Foreign);
                output.AnswerText(report.ToJson());
                return Task.FromResult(report.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    private static Command Replay()
    {
        var json = Shared.Json();
        var level = new Option<string>("--level") { Description = "R0: every verdict again from its recorded scores. R1: every kept frame through the same models again, bit by bit, on the CPU class that recorded it. R2: the same elsewhere: identical, within band or flipped", DefaultValueFactory = _ => ReplayR0.Level };
        _ = level.AcceptOnlyFromAmong(ReplayR0.Level, FrameReplayReport.R1, FrameReplayReport.R2);
        var command = new Command("replay", "Judges every part again and compares. Thresholds come from the plant's packages (or the bundle's), matched by model digest.\n\nExample: inspection audit replay --level R0 --plant plant.yaml") { level, json };
        var from = AuditSource.AddTo(command, asArgument: true, withFrames: true);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = from.Open(parsed, out var packages);
                if (parsed.GetValue(level) is { } framed && framed != ReplayR0.Level)
                {
                    var archive = from.Frames(parsed) ?? throw new PlantException("say where the frames are: --frames FOLDER (the plant file has no 'archive', or the bundle was exported without --frames)");
                    using var inference = new FrameInference(packages);
                    var again = new FrameReplay(framed, archive, inference).Run(source);
                    again.Print(output.Foreign);
                    output.AnswerText(again.ToJson());
                    return Task.FromResult(again.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
                }

                var report = ReplayR0.Run(source, PackagePolicies.FromFolders(packages));
                report.Print(output.Foreign);
                output.AnswerText(report.ToJson());
                return Task.FromResult(report.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    private static Command NewKey()
    {
        var name = Shared.Required("--name", "The key's name: a log's origin or a witness's name; unique, by custom a URL without scheme");
        var kind = new Option<string>("--kind") { Description = "log or witness", DefaultValueFactory = _ => "log" };
        _ = kind.AcceptOnlyFromAmong("log", "witness");
        var to = Shared.Required("--out", "A new file for the private key; the verifier key goes beside it, as FILE.pub");
        var json = Shared.Json();
        var command = new Command("new-key", "Makes the Ed25519 key of a plant's log or of a witness. Give FILE.pub to auditors.\n\nExample: inspection audit new-key --name plant.example/log --out log.key") { name, kind, to, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var file = parsed.GetRequiredValue(to);
                var key = NoteKeyFile.Create(file, parsed.GetRequiredValue(name), parsed.GetValue(kind) == "witness" ? NoteKeyKind.Cosignature : NoteKeyKind.Ed25519);
                output.Line($"private key: {file}; verifier key, for auditors: {NoteKeyFile.PublicPath(file)}");
                output.Line($"{key}");
                output.Answer(new { key = key.ToString(), file, verifier_file = NoteKeyFile.PublicPath(file) });
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    /// <summary>With a progress bar where a person looks and the end is known.</summary>
    private static VerifyReport VerifyShowing(Output output, IJournalSource source, LogTrust trust, IFrameStore? frames, CancellationToken cancel)
    {
        if (!output.IsLive || source is not BundleReader bundle)
        {
            return JournalVerifier.Verify(source, trust, frames);
        }

        var total = bundle.Manifest.Lines.Sum(l => l.To);
        return FitProgressView.Run(output, "verify", progress => JournalVerifier.Verify(source, trust, frames, read => progress.Report(new FitProgress("records", Percent(read, total), 100))), cancel);
    }

    private static int Percent(long done, long total) => (int)Math.Clamp(100 * done / Math.Max(1, total), 0, 100);

    internal static Option<string[]> Files(string name, string what) => new(name) { Description = what, AllowMultipleArgumentsPerToken = true };

    internal static IReadOnlyList<NoteVerifier> Keys(string[]? files, NoteKeyKind kind) => [.. (files ?? []).SelectMany(f => NoteKeyFile.Verifiers(f, kind))];

    private static SignedNote Note(string file)
    {
        try
        {
            return SignedNote.Parse(SmallFile.Read(file, SignedNote.MaxLength));
        }
        catch (Exception e) when (e is NoteException or IOException or UnauthorizedAccessException)
        {
            throw new NoteException($"'{file}' is no checkpoint: {e.Message}; give what the witness answered at /checkpoint/ORIGIN, as it was");
        }
    }
}
