using System.Globalization;
using System.Net;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>Numbers and text as a page shows them.</summary>
internal static class Text
{
    public const string None = "–";

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Number(double? value, string format = "0.000") => value is { } v && double.IsFinite(v) ? v.ToString(format, CultureInfo.InvariantCulture) : None;

    public static string Percent(double? value) => value is { } v ? (100 * v).ToString("0.0", CultureInfo.InvariantCulture) + " %" : None;

    public static string Milliseconds(double? value) => value is { } v ? v.ToString("0.0", CultureInfo.InvariantCulture) + " ms" : None;

    /// <summary>A coordinate in an SVG.</summary>
    public static string At(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
