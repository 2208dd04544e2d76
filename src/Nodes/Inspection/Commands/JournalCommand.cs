using System.CommandLine;
using System.Globalization;
using Inspection.Audit.Backups;
using Inspection.Audit.Verifying;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

/// <summary>Backs a journal up while its plant runs, and restores it into an empty one.</summary>
internal static class JournalCommand
{
    public static Command Create() => new("journal", "Backs up and restores a plant's journal.\n\nExample: inspection journal backup --plant plant.yaml --out monday.backup")
    {
        Backup(), Restore(),
    };

    private static Command Backup()
    {
        var plant = Shared.Plant();
        var to = Shared.Required("--out", "A new file for the backup");
        var json = Shared.Json();
        var command = new Command("backup", "Writes the journal as it is at this instant into one file, also while the plant runs, and verifies what was written.\n\nExample: inspection journal backup --plant plant.yaml --out monday.backup") { plant, to, json };
        command.SetAction((parsed, _) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var read = PlantReader.Read(parsed.GetRequiredValue(plant));
                var path = parsed.GetRequiredValue(to);
                BackupInfo info;
                using (var tables = read.Journal.OpenTables(path + ".copy"))
                {
                    info = BackupWriter.Write(tables, path, read.Name, TimeProvider.System);
                }

                using var written = BackupFile.Open(path);
                var report = JournalVerifier.Verify(written);
                report.Print(output.Foreign);
                output.Line(string.Create(CultureInfo.InvariantCulture, $"{info.Records} rows and {info.Snapshots} snapshots of {read.Journal} written to {path}, SHA-256 {info.Digest}"));
                output.Answer(new { plant = info.Plant, taken = info.Utc, rows = info.Records, snapshots = info.Snapshots, sha256 = info.Digest.ToString(), lines = report.Lines, findings = report.Findings, ok = report.IsGood });
                return Task.FromResult(report.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    private static Command Restore()
    {
        var plant = Shared.Plant();
        var from = Shared.Required("--from", "The backup");
        var json = Shared.Json();
        var command = new Command("restore", "Puts a backup into the plant's journal, which must be empty. What was written after the backup is lost; epochs go on above all that may have been granted since.\n\nExample: inspection journal restore --plant plant.yaml --from monday.backup") { plant, from, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var read = PlantReader.Read(parsed.GetRequiredValue(plant));
                using var backup = BackupFile.Open(parsed.GetRequiredValue(from));
                var report = await JournalRestore.RunAsync(
                    backup, read.Name, read.Lines.Select(l => l.Line), () => read.Journal.OpenEmptyAsync(cancel), $"{Environment.UserName}@{Environment.MachineName}", TimeProvider.System);
                foreach (var line in report.Lines)
                {
                    output.Line(string.Create(CultureInfo.InvariantCulture, $"line {line.Line}: {line.Records} records, last epoch {line.LastEpochBefore}; {line.Appended} records appended, the next epoch is above {report.EpochFloor}"));
                }

                using var journal = read.Journal.OpenSource();
                var verified = JournalVerifier.Verify(journal);
                verified.Print(output.Foreign);
                output.Line(string.Create(CultureInfo.InvariantCulture, $"{read.Journal} restored from the backup of {report.Backup.Utc:u} ({report.Backup.Records} rows, {report.Backup.Snapshots} snapshots); what the plant decided after that time is lost"));
                output.Answer(new { plant = read.Name, taken = report.Backup.Utc, rows = report.Backup.Records, snapshots = report.Backup.Snapshots, sha256 = report.Backup.Digest.ToString(), epoch_floor = report.EpochFloor, lines = report.Lines, ok = verified.IsGood });
                return verified.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer;
            });
        });
        return command;
    }
}
