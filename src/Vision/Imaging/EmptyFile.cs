namespace Inspection.Vision.Imaging;

/// <summary>Files that are not opened: what has no bytes might be a pipe, which waits for a writer for ever, or a device, which never ends.</summary>
internal static class EmptyFile
{
    public const string Reason = "the file is empty (0 bytes), or no file at all";

    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static bool Is(string path)
    {
        var file = new FileInfo(path);
        return (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) is FileInfo { Exists: true, Length: 0 };
    }
}
