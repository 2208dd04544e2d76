using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>What a finding is about.</summary>
public enum FindingKind
{
    /// <summary>A record's bytes, place or predecessor are not as written (rules J1, J8).</summary>
    Chain = 1,

    /// <summary>Epochs overlap, go back, or are used after their end (rules L1, J2).</summary>
    Epoch = 2,

    /// <summary>Triggers of an epoch are not counted without gaps (rule S4).</summary>
    Counter = 3,

    /// <summary>A trigger has no terminal record, two, or one without acceptance (promises P1, P2).</summary>
    Terminal = 4,

    /// <summary>The gate passed a part without a committed OK before, or its acts have gaps (promise P3, rule J4).</summary>
    Gate = 5,

    /// <summary>A part was decided with a model that was not activated, or an activation contradicts its package (promise P4).</summary>
    Model = 6,

    /// <summary>A part was decided without its line's recipe, or for another one.</summary>
    Recipe = 7,

    /// <summary>A file of a bundle is not as it was exported.</summary>
    Bundle = 8,

    /// <summary>A package's thresholds are not those a record was decided with.</summary>
    Thresholds = 9,

    /// <summary>The plant's log contradicts itself, or the records that are here (rule J8).</summary>
    Log = 10,

    /// <summary>A checkpoint's root or signature is wrong.</summary>
    Checkpoint = 11,

    /// <summary>Signed leaves that no given witness has cosigned.</summary>
    Witness = 12,

    /// <summary>The log does not continue a checkpoint that the auditor held.</summary>
    Held = 13,

    /// <summary>A frame that a record names is not there, or not as it was, and was not erased by authority (rule J10).</summary>
    Frame = 14,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Line">Empty where it is about no line.</param>
/// <param name="Sequence">The bad record; 0 where it is about none.</param>
/// <param name="What">In words, without the place.</param>
public sealed record Finding(FindingKind Kind, string Line, long Sequence, string What)
{
    public static Finding Of(BrokenChainException e) => new(FindingKind.Chain, e.Line.Value, e.Sequence, e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);

    public override string ToString() => (Line, Sequence) switch
    {
        ("", _) => What,
        (_, 0) => $"line {Line}: {What}",
        _ => string.Create(CultureInfo.InvariantCulture, $"record {Sequence} of line {Line}: {What}"),
    };
}
