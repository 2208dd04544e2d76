using Inspection.Protocol;
using Inspection.Vision.Imaging;

namespace Inspection.Vision.Archive;

/// <summary>
/// Rule J10: a content-addressed directory of frames, FOLDER/ab/abcdef...png by the digest that records name. Several nodes may share one.
/// Frames lie in clear: their volume is to be protected. Any thread.
/// </summary>
public sealed class FrameArchive(string folder)
{
    private static readonly long MostBytes = new ImageLimits().MaxFileBytes;

    public string Folder { get; } = Path.GetFullPath(folder);

    public string PathOf(Digest frame) => Path.Combine(Folder, FrameFile.RelativePath(frame));

    public bool Has(Digest frame) => File.Exists(PathOf(frame));

    /// <summary>Whole or not at all, and on the disk when this returns.</summary>
    public void Write(Digest frame, ReadOnlySpan<byte> file)
    {
        var path = PathOf(frame);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(file);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Null where there is none.</summary>
    /// <exception cref="FrameArchiveException">The file is no frame, or another than its name says.</exception>
    public ArchivedFrame? TryRead(Digest frame)
    {
        var path = PathOf(frame);
        try
        {
            var length = new FileInfo(path).Length;
            var found = length <= MostBytes ? ArchivedFrame.FromFile(File.ReadAllBytes(path)) : throw new FrameArchiveException($"it has {length} bytes, and a frame has at most {MostBytes}");
            return found.Digest == frame ? found : throw new FrameArchiveException("its pixels are not those that the record was made of (their salted SHA-256 differs)");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is FrameArchiveException or IOException or UnauthorizedAccessException)
        {
            throw new FrameArchiveException($"{path}: {e.Message}", e);
        }
    }

    /// <returns>False: there was none.</returns>
    public bool Erase(Digest frame)
    {
        var path = PathOf(frame);
        var was = File.Exists(path);
        if (was)
        {
            File.Delete(path);
        }

        return was;
    }

    /// <summary>Digests of all frames, in no order.</summary>
    public IEnumerable<Digest> All() => !Directory.Exists(Folder) ? [] : Directory.EnumerateFiles(Folder, "*" + FrameFile.Extension, SearchOption.AllDirectories)
        .Select(f => Path.GetFileNameWithoutExtension(f))
        .Where(n => n.Length == 2 * Digest.Length && n.All(char.IsAsciiHexDigitLower))
        .Select(Digest.Parse);
}
