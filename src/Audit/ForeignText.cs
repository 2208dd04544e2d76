using System.Globalization;
using System.Text;

namespace Inspection.Audit;

/// <summary>
/// Text that somebody else wrote, such as names in a bundle: shown to people so that it cannot steer their terminal, begin a line of its own
/// ("verified: no findings") or fill the screen.
/// </summary>
public static class ForeignText
{
    /// <summary>Enough for any name that is meant honestly.</summary>
    private const int MostCharacters = 200;

    /// <summary>Every character that is not to be seen itself as \uXXXX; the end cut off where it is long.</summary>
    public static string Shown(string text) => Visible(Cut(text, MostCharacters));

    /// <summary>The whole text, every character that is not to be seen itself as \uXXXX.</summary>
    public static string Visible(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = IsHidden(c) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : shown.Append(c);
        }

        return shown.ToString();
    }

    public static string Cut(string text, int most) => text.Length <= most ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..most]}... ({text.Length} characters)");

    // besides control characters those that turn the direction of writing
    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
