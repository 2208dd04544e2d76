using System.Security.Cryptography;
using System.Text;
using Inspection.Protocol;

namespace Inspection.Learning.Datasets;

/// <summary>
/// What a data set is, in 32 bytes: SHA-256 over the lines "PATH\0SHA256\n" of its pictures and masks, in ordinal order of their paths
/// relative to the folder. It does not depend on where the folder lies.
/// </summary>
public static class DatasetDigest
{
    /// <exception cref="IOException">A picture cannot be read.</exception>
    public static Digest Of(ImageDataset dataset) => Of(dataset, dataset.Items);

    /// <summary>The digest of some of the items, for instance of those a model was fitted on.</summary>
    public static Digest Of(ImageDataset dataset, IEnumerable<DatasetItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = items.SelectMany(i => i.MaskPath is { } mask ? new[] { i.AbsolutePath, mask } : [i.AbsolutePath])
            .Select(file => (Name: Path.GetRelativePath(dataset.Root, file).Replace(Path.DirectorySeparatorChar, '/'), File: file))
            .OrderBy(f => f.Name, StringComparer.Ordinal);
        foreach (var (name, file) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{OfFile(file)}\n"));
        }

        return new Digest(hash.GetHashAndReset());
    }

    public static Digest OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> hash = stackalloc byte[Digest.Length];
        _ = SHA256.HashData(stream, hash);
        return new Digest(hash);
    }
}
