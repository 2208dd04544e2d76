using System.Security.Cryptography;
using Inspection.Protocol;
using Inspection.Vision.Imaging;

namespace Inspection.Vision.Models;

/// <summary>Reads a package's files from whoever made it: what goes wrong is said of the package, and nothing in it is waited for.</summary>
internal static class PackageFile
{
    /// <summary>Of package.json, golden/vectors.json and signature, in bytes; the largest is a few megabytes.</summary>
    public const long MostText = 64 << 20;

    /// <param name="most">In bytes.</param>
    /// <exception cref="PackageException">It is not there, cannot be read, or is longer.</exception>
    public static byte[] Read(string directory, string file, long most = long.MaxValue) => Guard(directory, file, path =>
    {
        var length = new FileInfo(path).Length;
        return length > most
            ? throw new PackageException(directory, $"{file} has {length} bytes, at most {most} are read", "Restore the package")
            : File.ReadAllBytes(path);
    });

    /// <inheritdoc cref="Read"/>
    public static Digest DigestOf(string directory, string file) => Guard(directory, file, path =>
    {
        using var stream = File.OpenRead(path);
        return new Digest(SHA256.HashData(stream));
    });

    private static T Guard<T>(string directory, string file, Func<string, T> read)
    {
        var path = Path.Combine(directory, file);
        if (Directory.Exists(path))
        {
            throw new PackageException(directory, $"{file} can't be read: it is a folder", "Restore the package");
        }

        try
        {
            return EmptyFile.Is(path) ? throw new PackageException(directory, $"{file}: {EmptyFile.Reason}", "Restore the package") : read(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PackageException(directory, $"there is no {file}", "Name the directory that `inspection fit` wrote", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new PackageException(directory, $"{file} can't be read: {e.Message.TrimEnd('.')}", "Let the user who runs this node read the folder and its files", e);
        }
    }
}
