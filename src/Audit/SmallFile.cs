namespace Inspection.Audit;

/// <summary>
/// Files that are small by their nature (keys, checkpoints, receipts, manifests), from whoever gave them. What a file says of its own length is not
/// trusted: a device has none and never ends, a pipe has none and is read all the same.
/// </summary>
public static class SmallFile
{
    private const int BlockBytes = 1 << 14;

    /// <param name="most">In bytes. No more than this and one is ever held.</param>
    /// <exception cref="IOException">Not there, a directory, not readable, or longer; says which.</exception>
    /// <exception cref="UnauthorizedAccessException">Not for this user.</exception>
    public static byte[] Read(string path, int most)
    {
        if (path.Length == 0)
        {
            throw new IOException("the name of a file is empty");
        }

        if (Directory.Exists(path))
        {
            throw new IOException("it is a directory, and a file is needed");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var read = new MemoryStream();
        var block = new byte[BlockBytes];
        while (file.Read(block) is > 0 and var count)
        {
            if (read.Length + count > most)
            {
                throw new IOException($"it has more than {most} bytes");
            }

            read.Write(block, 0, count);
        }

        return read.ToArray();
    }
}
