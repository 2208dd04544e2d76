namespace Inspection.Learning.Evaluating;

/// <summary>Medians over the pictures: an image's cost on one core, decoding and alignment apart, beside the bare backbone's in the same run.</summary>
internal sealed record TimingSection(double? MsPerImage, double? BackboneMs, double? HeadMs, Timing Detail)
{
    public static TimingSection Of(IReadOnlyList<EvaluatedImage> images, TestRun run, string? backbone)
    {
        var timed = images.Where(i => i.Times is not null).ToArray();
        double? Median(Func<ImageTimes, double> part) => Medians.Of(timed.Select(i => part(i.Times!)));
        var session = Median(t => t.Session);
        var verify = Medians.Of(timed.Where(i => i.Evidence.Candidates.Count > 0).Select(i => i.Times!.Verify));
        return new TimingSection(
            Median(t => t.Counted),
            Medians.Of(run.BackboneAt256),
            session - Medians.Of(run.BackboneAtInput),
            new Timing(
                timed.Length,
                Median(t => t.Decode),
                Median(t => t.Align),
                Median(t => t.Prepare),
                session,
                verify,
                backbone ?? "not measured",
                "medians in milliseconds, one image at a time on one core after warm-up; ms_per_image is preparation and session; decode, align and verify stand apart; backbone runs between the images"));
    }
}
