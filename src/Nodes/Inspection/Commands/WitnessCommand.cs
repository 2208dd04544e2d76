using System.CommandLine;
using System.Net;
using Inspection.Audit.Transparency;
using Inspection.Console;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

/// <summary>Another's process: it keeps its key and its memory away from the plant's.</summary>
internal static class WitnessCommand
{
    public static Command Create()
    {
        var name = Shared.Required("--name", "The witness's name: unique, by custom a URL without scheme");
        var key = Shared.Required("--key", "Its private key; `inspection audit new-key --kind witness` makes one");
        var logs = new Option<string[]>("--log") { Description = "Files with the verifier keys of the logs it watches", Required = true, AllowMultipleArgumentsPerToken = true };
        var store = Shared.Required("--store", "Its memory, a SQLite file of its own");
        var port = new Option<int>("--port") { Description = "Where it answers", DefaultValueFactory = _ => 8570 };
        var address = new Option<string>("--address") { Description = "On which address; 0.0.0.0: all", DefaultValueFactory = _ => "127.0.0.1" };
        var command = new Command("witness", "Cosigns a plant's log as long as it only grows (C2SP tlog-witness). Run it as another user or on another machine.\n\nExample: inspection witness --name witness.example/w1 --key witness.key --log log.key.pub --store witness.db") { name, key, logs, store, port, address };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(json: false, headless: true);
            return Failures.GuardAsync(output, async () =>
            {
                var at = IPAddress.TryParse(parsed.GetRequiredValue(address), out var ip) ? ip : throw new PlantException($"--address {parsed.GetRequiredValue(address)} is no IP address");
                using var signer = NoteKeyFile.Open(parsed.GetRequiredValue(key), parsed.GetRequiredValue(name), NoteKeyKind.Cosignature);
                var known = parsed.GetRequiredValue(logs).SelectMany(f => NoteKeyFile.Verifiers(f, NoteKeyKind.Ed25519)).ToLookup(k => k.Name);
                using var memory = SqliteWitnessStore.Open(parsed.GetRequiredValue(store));
                await using var server = await WitnessServer.StartAsync(at, parsed.GetValue(port), new Witness(signer, known, memory, TimeProvider.System));
                output.Line($"witness {signer.Verifier} watches {string.Join(", ", known.Select(k => k.Key))} at http://{at}:{parsed.GetValue(port)}/");
                await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
                return ExitCodes.Good;
            });
        });
        return command;
    }
}
