namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The address of a service that people write in a file or on the command line.</summary>
public static class HttpAddress
{
    /// <returns>With a slash at its end, so that paths are added to it; null where it is none.</returns>
    public static Uri? TryParse(string text) => Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
