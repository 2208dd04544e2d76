using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Audit.Journals;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;
using Inspection.People;
using Inspection.Protocol;
using Inspection.Vision.Archive;

namespace Inspection.Commands;

/// <summary>The frame archive (rule J10).</summary>
internal static class ArchiveCommand
{
    public static Command Create() => new("archive", "The frames that a plant keeps.\n\nExample: inspection archive erase line1/1/42 --by carla --why \"a person is in the picture\" --plant plant.yaml") { Erase() };

    private static Command Erase()
    {
        var camera = Shared.Optional("--camera", "Only frames of this camera; default: of all");
        var before = new Option<DateTimeOffset?>("--before") { Description = "In place of PART: the frames of all parts that were concluded before this time" };
        var json = Shared.Json();
        var command = new Command("erase", "Deletes frames by authority: of a part, or of all parts before a time. The journal records each first; a verifier then says \"erased, authorised\", never \"missing\". Run it where the archive's folder is.\n\nExample: inspection archive erase line1/1/42 --by carla --why \"a person is in the picture\" --plant plant.yaml") { camera, before, json };
        var options = DeskOptions.AddTo(command, oneOrMany: true);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var request = options.Read(parsed);
                var archive = new FrameArchive((request.Plant.Archive ?? throw new PlantException($"{request.Plant.File} keeps no frames: it has no 'archive'")).Folder);
                var all = (request.Part, parsed.GetValue(before)) switch
                {
                    ({ } part, null) => NamedBy(request.Plant, part),
                    (null, { } time) => NamedBefore(request.Plant, time.UtcDateTime),
                    _ => throw new PlantException("name what is to be erased: one of PART and --before TIME"),
                };
                var frames = all.Where(f => parsed.GetValue(camera) is not { } only || f.Named.Camera.Value == only).ToList();
                if (frames.Count == 0)
                {
                    throw new PlantException($"no record {(request.Part is { } part ? $"of part {part}" : "before that time")} names a frame{(parsed.GetValue(camera) is { } c ? $" of camera {c}" : "")}: what is OK and was not drawn for the sample is not kept");
                }

                // recorded before: a frame that is gone without a record would be missing
                var recorded = frames.Where(f => !f.Erased).Select(f => f.Named).ToList();
                _ = await request.Desk.AskAsync([.. recorded.Select(f => new LineCommands.EraseFrame(f.Key, f.Camera, f.Frame, request.By, request.Why))], cancel);
                var deleted = frames.Count(f => archive.Erase(f.Named.Frame));
                output.Line($"{recorded.Count} frames recorded as erased by {request.By}: {request.Why}{(recorded.Count < frames.Count ? $" ({frames.Count - recorded.Count} were before)" : "")}; {deleted} files deleted from {archive.Folder}");
                output.Answer(new { recorded = recorded.Count, deleted, frames = frames.Select(f => new { part = f.Named.Key.ToString(), camera = f.Named.Camera.Value, frame = f.Named.Frame.ToString() }) });
                return ExitCodes.Good;
            });
        });
        return command;
    }

    private static IReadOnlyList<(NamedFrame Named, bool Erased)> NamedBy(Plant plant, PartName part)
    {
        var story = ReviewCommand.Read(plant, part);
        return [.. story.Frames.Select(f => (new NamedFrame(story.Key, f.Camera, f.Frame), f.Erased is not null))];
    }

    private static IReadOnlyList<(NamedFrame Named, bool Erased)> NamedBefore(Plant plant, DateTime utc)
    {
        var (named, erased) = (new List<NamedFrame>(), new HashSet<Digest>());
        using var source = plant.Journal.OpenSource();
        foreach (var e in source.Lines.SelectMany(l => source.Chain(l)).Select(r => r.Event))
        {
            named.AddRange(e.UtcTicks < utc.Ticks ? NamedFrame.Of(e) : []);
            _ = e is FrameErased x && erased.Add(x.Frame);
        }

        return [.. named.Select(f => (f, erased.Contains(f.Frame)))];
    }
}
