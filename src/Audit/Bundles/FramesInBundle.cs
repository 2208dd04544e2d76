using System.Text;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Bundles;

/// <summary>The frames of a bundle: whether index and files are as they were exported. What is in them, the verifier's frame store says.</summary>
internal static class FramesInBundle
{
    public const string Folder = "frames";

    public const string Index = "frames.index";

    /// <summary>A frame's digest, a space, its file's SHA-256, a newline.</summary>
    private const int LineLength = (4 * Digest.Length) + 2;

    /// <summary>As for pictures (src/Vision/Imaging/ImageLimits.cs), and for the index.</summary>
    private const long MostBytes = 512L << 20;

    /// <exception cref="BundleException">The index is not what was exported, or a link is where a file belongs.</exception>
    public static void Check(string folder, BundleFrames frames)
    {
        var length = BundleReader.LengthOf(folder, Index);
        if (frames.Count < 0 || length > MostBytes || length != frames.Count * LineLength)
        {
            throw new BundleException($"{folder} is half a bundle or was changed: {Index} names not {frames.Count} frames in {LineLength} bytes each; export or copy it again");
        }

        BundleReader.CheckNoLink(folder, Folder);
    }

    public static IEnumerable<Finding> Findings(string folder, BundleFrames frames)
    {
        if (!string.Equals(FileDigest.Of(Path.Combine(folder, Index)), frames.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            yield return new Finding(FindingKind.Bundle, "", 0, $"the file {Index} is not as it was exported (SHA-256 differs)");
            yield break;
        }

        using var lines = File.OpenRead(Path.Combine(folder, Index));
        var room = new byte[LineLength]; // never by lines: a file of zeros has none
        for (var i = 0L; i < frames.Count; i++)
        {
            lines.ReadExactly(room);
            var line = Encoding.ASCII.GetString(room);
            var frame = line[..(2 * Digest.Length)].All(char.IsAsciiHexDigitLower) ? Digest.Parse(line[..(2 * Digest.Length)]) : Digest.None;
            var file = Path.Combine(Folder, FrameFile.RelativePath(frame));
            if (frame.IsNone || $"{frame} {HashOf(Path.Combine(folder, file))}\n" != line)
            {
                yield return new Finding(FindingKind.Bundle, "", 0, $"the file {file} is not as it was exported (missing, a link, or its SHA-256 differs)");
            }
        }
    }

    /// <returns>Null where there is no file, or a link.</returns>
    private static string? HashOf(string path)
    {
        var info = new FileInfo(path);
        return info.Exists && info.Length <= MostBytes && info.LinkTarget is null && info.Directory?.LinkTarget is null ? FileDigest.Of(path) : null;
    }
}
