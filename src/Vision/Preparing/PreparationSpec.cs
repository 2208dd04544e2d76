using Inspection.Protocol;

namespace Inspection.Vision.Preparing;

public enum Alignment
{
    /// <summary>As the part lies.</summary>
    None = 1,

    /// <summary>Largest blob, turned so that its main axis lies along the image's longer side.</summary>
    Axis = 2,
}

public enum AspectRule
{
    /// <summary>Every frame is brought to Width x Height: the product's own aspect, which all its frames share.</summary>
    Fixed = 1,

    /// <summary>
    /// Frames differ in aspect and each keeps its own: the tensor is [h, w, C] with sides that are multiples of 16 and at most Width * Height
    /// pixels; what is left of the slot's tensor is zero. The geometry says which size it became.
    /// </summary>
    Frame = 2,
}

/// <summary>Rule S8: how a frame becomes the model's input. Part of the model package and versioned with it.</summary>
public sealed record PreparationSpec
{
    /// <summary>Changes whenever the same frame would give other bytes.</summary>
    public const string CurrentVersion = "prep-1";

    public string Version { get; init; } = CurrentVersion;

    /// <summary>Tensor width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Tensor height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    public Alignment Alignment { get; init; } = Alignment.None;

    public AspectRule Aspect { get; init; } = AspectRule.Fixed;

    /// <summary>The part of the frame that is looked at, in fractions of the frame [x, y, width, height]; null for all of it.</summary>
    public FractionBox? Crop { get; init; }

    /// <summary>Regions set to 0 before anything else, in fractions of the frame.</summary>
    public EquatableList<FractionBox> Masks { get; init; } = [];

    public int TensorLength => Width * Height * Channels;
}

/// <summary>A rectangle in fractions (0..1) of a frame's width and height.</summary>
public readonly record struct FractionBox(double X, double Y, double Width, double Height);
