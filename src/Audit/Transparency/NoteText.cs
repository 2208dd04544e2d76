using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>How C2SP writes numbers and bytes. Each value has one text only: another is refused, or a changed byte of a note would go unnoticed.</summary>
internal static class NoteText
{
    /// <summary>A number of leaves: decimal, without leading zeroes; null where the text is none.</summary>
    public static long? Size(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size.ToString(CultureInfo.InvariantCulture) == text ? size : null;

    /// <summary>The base64 of a hash; null where the text is none.</summary>
    public static Digest? Hash(string text) => Base64(text) is { Length: Digest.Length } bytes ? new Digest(bytes) : null;

    public static string Hash(Digest hash) => Convert.ToBase64String(hash.ToArray());

    /// <summary>Null where the text is no canonical base64.</summary>
    public static byte[]? Base64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }
}
