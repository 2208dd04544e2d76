using System.Globalization;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>Values as they stand in a manifest.</summary>
internal static class Text
{
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>Null as "missing", so that a message reads well.</summary>
    public static string Or<T>(T? value) => value is null ? "missing" : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
