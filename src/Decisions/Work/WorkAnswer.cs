using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>What an answer must fit.</summary>
/// <param name="Generation">Of the slot as it was offered (rule W3).</param>
/// <param name="Stage">Score a frame, or verify regions.</param>
/// <param name="Regions">How many are to be verified.</param>
/// <param name="Classes">Of the verifier.</param>
/// <param name="FrameWidth">Regions lie within it, pixels.</param>
/// <param name="FrameHeight">Regions lie within it, pixels.</param>
public readonly record struct WorkQuestion(int Generation, WorkStage Stage, int Regions, int Classes, int FrameWidth, int FrameHeight);

/// <summary>What a remote worker says of one offer; whether it counts <see cref="WorkLeases{TWork}"/> says.</summary>
/// <param name="Offer">Which.</param>
/// <param name="Generation">Of the slot, as the worker was told it.</param>
/// <param name="Result">What it found.</param>
public sealed record WorkAnswer(long Offer, int Generation, WorkResult Result)
{
    /// <summary>Whether it can be the answer to this question at all; null where it can, else why not: then its worker is not to be trusted.</summary>
    public string? Mismatch(in WorkQuestion question)
    {
        if (Generation != question.Generation)
        {
            return $"it is for generation {Generation} of the slot, {question.Generation} was offered";
        }

        var (width, height) = (question.FrameWidth, question.FrameHeight);
        return Result switch
        {
            WorkResult.Scored when question.Stage != WorkStage.Coarse => "it scores where regions were to be verified",
            WorkResult.Scored x when x.Regions.Length != x.Peaks.Length => $"it has {x.Peaks.Length} peaks for {x.Regions.Length} regions",
            WorkResult.Scored x when x.Regions.Any(r => (long)r.X + r.Width > width || (long)r.Y + r.Height > height) => "a region lies outside of the frame",
            WorkResult.Looked when question.Stage != WorkStage.Verify => "it verifies where a frame was to be scored",
            WorkResult.Looked x when x.Probabilities.Length != question.Regions * question.Classes =>
                $"it has {x.Probabilities.Length} probabilities for {question.Regions} regions of {question.Classes} classes",
            _ => null,
        };
    }
}

public abstract record WorkResult
{
    public sealed record Scored(float Score, float Ood, InferenceStamp Stamp, PixelBox[] Regions, float[] Peaks) : WorkResult;

    /// <param name="Stamp">Of the verifier.</param>
    /// <param name="Probabilities">[regions, classes].</param>
    public sealed record Looked(InferenceStamp Stamp, float[] Probabilities) : WorkResult;

    public sealed record Failed(string Why) : WorkResult;

    /// <summary>Undone, for want of time or room.</summary>
    public sealed record GivenUp(string Why) : WorkResult;
}
