namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>part-00000001, part-00000002, ... to <see cref="SyntheticOptions.Count"/>, or without end.</summary>
public sealed class SyntheticParts(SyntheticOptions options) : IPartSource
{
    private readonly SyntheticOptions _options = options.Validate();

    public string? NextAfter(string externalId)
    {
        var next = IndexOf(externalId) + 1;
        return next <= (_options.Count ?? SyntheticLine.MaxIndex) ? SyntheticLine.IdOf(next) : null;
    }

    public long? CountAfter(string externalId) => _options.Count is { } count ? Math.Max(0, count - IndexOf(externalId)) : null;

    private static long IndexOf(string externalId) => externalId.Length == 0 ? 0 : SyntheticLine.TryIndex(externalId, out var index)
        ? index
        : throw new ArgumentException($"'{externalId}' is no part of a synthetic line, so none comes after it; begin with \"\"", nameof(externalId));
}
