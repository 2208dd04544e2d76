namespace Inspection.Protocol;

/// <summary>Checks the names a person gives to plants, lines, stations, cameras and nodes.</summary>
public static class Names
{
    public const int MaxLength = 64;

    /// <summary>Letters, digits, '.', '_' and '-', first a letter or digit, at most 64 characters: safe in a path, a metric label and an actor name.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetterOrDigit(value[0])
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    internal static string Require(string value, string what) => IsValid(value)
        ? value
        : throw new ArgumentException($"{what} '{value}' is not a name: use letters, digits, '.', '_' or '-', beginning with a letter or digit, at most {MaxLength} characters", what);
}

public readonly record struct LineId
{
    public LineId(string value) => Value = Names.Require(value, "line");

    public string Value { get; }

    public override string ToString() => Value;
}

public readonly record struct StationId
{
    public StationId(string value) => Value = Names.Require(value, "station");

    public string Value { get; }

    public override string ToString() => Value;
}

public readonly record struct CameraId
{
    public CameraId(string value) => Value = Names.Require(value, "camera");

    public string Value { get; }

    public override string ToString() => Value;
}

public readonly record struct NodeId
{
    public NodeId(string value) => Value = Names.Require(value, "node");

    public string Value { get; }

    public override string ToString() => Value;
}
