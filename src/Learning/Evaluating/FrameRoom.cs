using Inspection.Learning.Datasets;
using Inspection.Vision.Imaging;

namespace Inspection.Learning.Evaluating;

/// <summary>How large a slot must be for the largest picture of a set, by their headers.</summary>
internal static class FrameRoom
{
    /// <summary>Headers end long before this, save for a JPEG with large profiles in front: then the whole file is read.</summary>
    private const int HeaderBytes = 1 << 16;

    public static int For(IEnumerable<DatasetItem> items)
    {
        using var decoder = new ImageDecoder();
        return (int)items.Max(i => Length(decoder, i.AbsolutePath));
    }

    private static long Length(ImageDecoder decoder, string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var head = new byte[Math.Min(stream.Length, HeaderBytes)];
            stream.ReadExactly(head);
            var probe = decoder.Probe(head);
            if (!probe.IsDecoded && stream.Length > head.Length && stream.Length <= decoder.Limits.MaxFileBytes)
            {
                probe = decoder.Probe(File.ReadAllBytes(path));
            }

            return probe.IsDecoded ? probe.Header.DecodedLength : 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the inspection itself finds it unreadable and says so
            return 1;
        }
    }
}
