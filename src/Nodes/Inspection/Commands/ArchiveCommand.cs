using System.CommandLine;
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
        var camera = Shared.Optional("--camera", "Only this camera's frame; default: all frames of the part");
        var json = Shared.Json();
        var command = new Command("erase", "Deletes frames of a part by authority. The journal records it first; a verifier then says \"erased, authorised\", never \"missing\". Run it where the archive's folder is.\n\nExample: inspection archive erase line1/1/42 --by carla --why \"a person is in the picture\" --plant plant.yaml") { camera, json };
        var options = DeskOptions.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var request = options.Read(parsed);
                var archive = new FrameArchive((request.Plant.Archive ?? throw new PlantException($"{request.Plant.File} keeps no frames: it has no 'archive'")).Folder);
                var story = ReviewCommand.Read(request);
                var frames = story.Frames.Where(f => parsed.GetValue(camera) is not { } only || f.Camera.Value == only).ToList();
                if (frames.Count == 0)
                {
                    throw new PlantException($"no record of part {request.Part} names a frame{(parsed.GetValue(camera) is { } c ? $" of camera {c}" : "")}: {(story.Conclusion.IsOk ? "it is OK, and was not drawn for the sample" : "none was kept")}");
                }

                // recorded before: a frame that is gone without a record would be missing
                _ = await request.Desk.AskAsync([.. frames.Where(f => f.Erased is null).Select(f => new LineCommands.EraseFrame(story.Key, f.Camera, f.Frame, request.By, request.Why))], cancel);
                foreach (var frame in frames)
                {
                    output.Line($"frame {frame.Frame.Short} of camera {frame.Camera}: {(frame.Erased is null ? "recorded as erased" : "was recorded as erased before")}, {(archive.Erase(frame.Frame) ? "and deleted" : $"and there was no file of it in {archive.Folder}")}");
                }

                output.Answer(new { part = request.Part.ToString(), erased = frames.Select(f => new { camera = f.Camera.Value, frame = f.Frame.ToString() }) });
                return ExitCodes.Good;
            });
        });
        return command;
    }
}
