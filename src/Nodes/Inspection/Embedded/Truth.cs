namespace Inspection.Embedded;

/// <summary>What is known of a part: "good", a defect class, or null where nobody said.</summary>
internal static class Truth
{
    public const string Good = "good";

    /// <summary>For pictures in folders by label: the first folder of the relative path.</summary>
    public static string? OfPath(string externalId)
    {
        var slash = externalId.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? externalId[..slash] : null;
    }
}
