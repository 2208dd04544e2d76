using System.Security.Cryptography;

namespace Inspection.Audit.Bundles;

/// <summary>SHA-256 of a file, hexadecimal, as a bundle names it.</summary>
internal static class FileDigest
{
    public static string Of(string path)
    {
        using var stream = RecordFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
