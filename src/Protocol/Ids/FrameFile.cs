namespace Inspection.Protocol;

/// <summary>Where a frame lies in an archive and in a bundle (rule J10): ab/abcdef....png, by its digest.</summary>
public static class FrameFile
{
    public const string Extension = ".png";

    public static string RelativePath(Digest frame)
    {
        var name = frame.ToString();
        return $"{name[..2]}/{name}{Extension}";
    }
}
