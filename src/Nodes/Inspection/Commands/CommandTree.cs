using System.CommandLine;
using Inspection.Console;

namespace Inspection.Commands;

/// <summary>The one executable's commands. Wrong use ends with 2, before anything is done.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Inspection.Actors: from camera frames to one committed verdict per part.\n\nExample: inspection demo --seconds 20")
        {
            DemoCommand.Create(),
            InitCommand.Create(),
            CheckCommand.Create(),
            RunCommand.Create(),
            NodeCommand.Create(),
            StatusCommand.Create(),
            FitCommand.Create(),
            EvaluateCommand.Create(),
            ModelsCommand.Create(),
            AuditCommand.Create(),
            ReviewCommand.Create(),
            ResumeCommand.Create(),
            ArchiveCommand.Create(),
            WitnessCommand.Create(),
            JournalCommand.Create(),
            SimulateCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await System.Console.Error.WriteLineAsync($"error: {error.Message}");
            }

            var known = parsed.CommandResult.Command.Subcommands.Select(c => c.Name)
                .Concat(parsed.CommandResult.Command.Options.Select(o => o.Name));
            if (parsed.UnmatchedTokens is [var unknown, ..])
            {
                await System.Console.Error.WriteLineAsync($"did you mean '{Nodes.Hosting.Plants.Nearest.Of(unknown, known)}'?");
            }

            await System.Console.Error.WriteLineAsync($"`inspection {string.Concat(Path(parsed.CommandResult.Command).Reverse())}--help` shows what it takes, with an example");
            return ExitCodes.BadInput;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(50) });
    }

    private static IEnumerable<string> Path(Command command)
    {
        for (var c = command; c is not RootCommand; c = (Command)c.Parents.First())
        {
            yield return c.Name + " ";
        }
    }
}
