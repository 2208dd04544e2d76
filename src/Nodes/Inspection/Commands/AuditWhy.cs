using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Console;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Replaying;
using Inspection.Vision.Archive;
using Inspection.Vision.Models;
using Inspection.Why;

namespace Inspection.Commands;

/// <summary>The whole story of one part.</summary>
internal static class AuditWhy
{
    public static Command Create()
    {
        var part = new Argument<string>("PART") { Description = "LINE/EPOCH/COUNTER, as reports name it" };
        var to = Shared.Optional("--out", "The HTML file to write; default: why-LINE-EPOCH-COUNTER.html");
        var json = Shared.Json();
        var command = new Command("why", "The whole story of one part, in words and pictures: views, heat map, crops, scores against thresholds, margin, what was skipped, models and their lineage, reviews.\n\nExample: inspection audit why line1/1/42 --plant plant.yaml") { part, to, json };
        var from = AuditSource.AddTo(command, asArgument: false, withFrames: true);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () =>
            {
                var name = AuditReceipt.Name(parsed.GetRequiredValue(part));
                using var source = from.Open(parsed, out var packages);
                var story = (source.Lines.Contains(name.Line) ? PartStory.Of(source, name) : null)
                    ?? throw new PlantException($"part {name} is not concluded in {source.Description}, or there is none; it has lines {string.Join(", ", source.Lines)}");
                var words = PartWords.Of(story);
                var pictures = Pictures(story, from.Frames(parsed), packages, output);
                using var situation = new StringWriter();
                LineSituation.At(source, name.Line, story.Terminal.Utc).Print(situation);
                var file = parsed.GetValue(to) ?? $"why-{name.Line}-{name.Epoch}-{name.Counter}.html";
                await File.WriteAllTextAsync(file, WhyPage.Write(story, words, pictures, source.Description, situation.ToString()), cancel);
                foreach (var sentence in words)
                {
                    output.Foreign.WriteLine(sentence);
                }

                foreach (var (camera, view) in pictures.Where(p => p.Value.Frame is null))
                {
                    output.Foreign.WriteLine($"Camera {camera}: no picture: {view.Without}");
                }

                output.Line($"with pictures: {file}");
                output.Answer(new { part = name.ToString(), external_id = story.ExternalId, conclusion = story.Conclusion.ToString(), passed = story.Passed, words, frames = story.Frames.Select(f => new { camera = f.Camera.Value, frame = f.Frame.ToString(), erased = f.Erased is not null, shown = pictures.GetValueOrDefault(f.Camera)?.Frame is not null }), file });
                return ExitCodes.Good;
            });
        });
        return command;
    }

    private static Dictionary<CameraId, ViewPictures> Pictures(PartStory story, FrameArchive? archive, IReadOnlyList<string> packages, Output output)
    {
        var pictures = new Dictionary<CameraId, ViewPictures>();
        using var inference = Inference(packages, output);
        foreach (var view in story.Concluded?.Views ?? [])
        {
            pictures[view.Camera] = Picture(story, view, archive, inference);
        }

        return pictures;
    }

    private static ViewPictures Picture(PartStory story, ViewEvidence view, FrameArchive? archive, FrameInference? inference)
    {
        if (view.FrameDigest.IsNone)
        {
            return ViewPictures.None("its frame was not kept");
        }

        if (story.Frames.FirstOrDefault(f => f.Frame == view.FrameDigest)?.Erased is { } erased)
        {
            return ViewPictures.None($"erased, authorised: by {erased.By}, because: {erased.Why}");
        }

        if (archive is null)
        {
            return ViewPictures.None("say where the frames are (--frames FOLDER)");
        }

        try
        {
            if (archive.TryRead(view.FrameDigest) is not { } frame)
            {
                return ViewPictures.None($"MISSING: the record names frame {view.FrameDigest.Short}, it is not in {archive.Folder}, and no record says that it was erased");
            }

            var without = view.Coarse is null ? "no model ran on it" : inference is null ? "the packages are not in order here" : "";
            var again = without.Length == 0 ? inference!.Run(frame, view, story.VerifierInForce, story.PolicyOf, out without) : null;
            return ViewPictures.Of(frame, again, without);
        }
        catch (FrameArchiveException e)
        {
            return ViewPictures.None($"DAMAGED: {e.Message}");
        }
    }

    private static FrameInference? Inference(IReadOnlyList<string> packages, Output output)
    {
        try
        {
            return new FrameInference(packages);
        }
        catch (PackageException e)
        {
            output.Warning($"no heat maps: {e.Message}");
            return null;
        }
    }
}
