using System.CommandLine;
using System.Globalization;
using Inspection.Audit.Asking;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

/// <summary>Proofs of single parts, for customers.</summary>
internal static class AuditReceipt
{
    public static Command Give()
    {
        var part = new Argument<string>("PART") { Description = "LINE/EPOCH/COUNTER, as reports name it" };
        var to = Shared.Optional("--out", "A new file for it; default: standard output");
        var command = new Command("receipt", "What a customer can hold of one part: its terminal record and the proof that it is under a signed checkpoint. It names the parts concluded in the same second, too.\n\nExample: inspection audit receipt line1/1/42 --plant plant.yaml --out part.receipt") { part, to };
        var from = AuditSource.AddTo(command, asArgument: false);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(json: parsed.GetValue(to) is null);
            return Failures.GuardAsync(output, async () =>
            {
                using var source = from.Open(parsed, out _);
                var receipt = Receipt.Of(source, Name(parsed.GetRequiredValue(part)));
                if (parsed.GetValue(to) is { } file)
                {
                    await using var written = new StreamWriter(new FileStream(file, FileMode.CreateNew, FileAccess.Write));
                    await written.WriteLineAsync(receipt.ToJson());
                    output.Line($"receipt of part {receipt.Part} written to {file}; next: {Shared.Program} audit check-receipt {file} --log-key log.key.pub");
                }

                output.AnswerText(receipt.ToJson());
                return ExitCodes.Good;
            });
        });
        return command;
    }

    public static Command Check()
    {
        var file = new Argument<string>("FILE") { Description = "A receipt" };
        var logKey = AuditCommand.Files("--log-key", "A file with the verifier key of the plant's log; several after a rotation");
        logKey.Required = true;
        var witness = AuditCommand.Files("--witness", "A file with the verifier key of a witness");
        var json = Shared.Json();
        var command = new Command("check-receipt", "Checks a receipt with the log's key, without the plant.\n\nExample: inspection audit check-receipt part.receipt --log-key log.key.pub") { file, logKey, witness, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var trust = new LogTrust(AuditCommand.Keys(parsed.GetValue(logKey), NoteKeyKind.Ed25519), AuditCommand.Keys(parsed.GetValue(witness), NoteKeyKind.Cosignature), []);
                var check = Receipt.Read(parsed.GetRequiredValue(file)).Check(trust);
                output.Foreign.WriteLine(check.IsGood
                    ? string.Create(CultureInfo.InvariantCulture, $"proven: part {check.Part}{(check.ExternalId is { } id ? $" ({id})" : "")} was concluded as {check.Conclusion} at {check.Utc:yyyy-MM-dd HH:mm:ss.fff} UTC; signed by {check.SignedBy}{(check.CosignedUtc is { } at ? $", cosigned at {at:yyyy-MM-dd HH:mm:ss} UTC" : ", cosignatures NOT checked (give --witness)")}")
                    : $"NOT proven: {check.Wrong}");
                output.AnswerText(check.ToJson());
                return Task.FromResult(check.IsGood ? ExitCodes.Good : ExitCodes.BadAnswer);
            });
        });
        return command;
    }

    internal static PartName Name(string text)
    {
        try
        {
            return PartName.Parse(text);
        }
        catch (FormatException e)
        {
            throw new PlantException(e.Message);
        }
    }
}
