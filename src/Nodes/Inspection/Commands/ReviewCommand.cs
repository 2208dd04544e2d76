using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;
using Inspection.People;
using Inspection.Protocol;

namespace Inspection.Commands;

/// <summary>A person's verdict on a part. The first record stays; this one follows it.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var verdict = new Option<string>("--verdict") { Description = "OK, NG or Review: what the part is, in the reviewer's eyes", Required = true };
        _ = verdict.AcceptOnlyFromAmong("OK", "NG", "Review");
        var json = Shared.Json();
        var command = new Command("review", "Records what a person found about a part, with who and why. Nothing is taken back: the gate has acted, and the first record stays.\n\nExample: inspection review line1/1/42 --verdict OK --by anna --why \"dust on the lens\" --plant plant.yaml") { verdict, json };
        var options = DeskOptions.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var request = options.Read(parsed);
                var part = request.Part!.Value;
                var story = Read(request.Plant, part);
                var after = Enum.Parse<Verdict>(parsed.GetRequiredValue(verdict), ignoreCase: true);
                _ = await request.Desk.AskAsync([new LineCommands.ReviewPart(part.Line, story.Key, after, request.By, request.Why, story.Conclusion)], cancel);
                output.Line($"recorded: part {part} ({story.ExternalId}) was {story.Conclusion}, and is {Conclusion.Decided(after)} by {request.By}: {request.Why}; next: {Shared.Program} audit why {part} --plant {request.Plant.File}");
                output.Answer(new { part = part.ToString(), external_id = story.ExternalId, before = story.Conclusion.ToString(), after = Conclusion.Decided(after).ToString(), by = request.By, why = request.Why });
                return ExitCodes.Good;
            });
        });
        return command;
    }

    /// <exception cref="PlantException">There is no such part, or it is not concluded.</exception>
    internal static PartStory Read(Plant plant, PartName part)
    {
        using var source = plant.Journal.OpenSource();
        return source.Lines.Contains(part.Line)
            ? PartStory.Of(source, part) ?? throw new PlantException($"part {part} is not concluded in {source.Description}, or there is none: counters of an epoch begin with 1")
            : throw new PlantException($"there is no line {part.Line} in {source.Description}; there are {string.Join(", ", source.Lines)}");
    }
}
