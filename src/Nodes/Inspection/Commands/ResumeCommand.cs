using System.CommandLine;
using Inspection.Console;
using Inspection.People;
using Inspection.Protocol;

namespace Inspection.Commands;

/// <summary>The one way back for a line that its interlock stopped: a person who says who and why.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var json = Shared.Json();
        var command = new Command("resume", "Lets a line run again that the interlock of a station stopped (gate.stop_after). Find out first why so many parts had no verdict: inspection status.\n\nExample: inspection resume line1/s1 --by anna --why \"the lamp was replaced\" --plant plant.yaml") { json };
        var options = DeskOptions.AddForStation(command);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var (request, station) = options.ReadStation(parsed);
                var answers = await request.Desk.AskAsync([new LineCommands.ResumeStation(station.Line, station.Station, request.By, request.Why)], cancel);
                var change = ((LineReplies.InterlockRecorded)answers[0]).Changes;
                output.Line($"recorded: {station} may run again (change {change} of its interlock), by {request.By}: {request.Why}; a conveyor diverts for one more travel");
                output.Answer(new { station = station.ToString(), change, by = request.By, why = request.Why });
                return ExitCodes.Good;
            });
        });
        return command;
    }
}
