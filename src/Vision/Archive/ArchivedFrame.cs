using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Inspection.Protocol;
using Inspection.Vision.Imaging;

namespace Inspection.Vision.Archive;

/// <summary>
/// A frame as the archive keeps it (rule J10): its masked raw pixels and the salt of its digest. On disk a PNG with the salt behind its
/// end, where viewers do not look: who erases the file erases the salt, and what is left in the journal says nothing about the picture.
/// </summary>
/// <param name="Pixels">[Height, Width, Channels] uint8, rows packed, masked regions 0.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Salt">32 random bytes.</param>
public sealed record ArchivedFrame(int Width, int Height, int Channels, byte[] Salt, byte[] Pixels)
{
    public const int SaltLength = 32;

    private static readonly byte[] Title = Encoding.ASCII.GetBytes("inspection frame 1\n");

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes("isalt1");

    /// <summary>SHA-256 of title, salt, width, height, channels (each 4 bytes, little-endian) and pixels.</summary>
    public Digest Digest => DigestOf(Salt, Width, Height, Channels, Pixels);

    public static Digest DigestOf(ReadOnlySpan<byte> salt, int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> shape = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(shape, width);
        BinaryPrimitives.WriteInt32LittleEndian(shape[4..], height);
        BinaryPrimitives.WriteInt32LittleEndian(shape[8..], channels);
        hash.AppendData(Title);
        hash.AppendData(salt);
        hash.AppendData(shape);
        hash.AppendData(pixels);
        Span<byte> digest = stackalloc byte[Digest.Length];
        _ = hash.GetHashAndReset(digest);
        return new Digest(digest);
    }

    public byte[] ToFile() => [.. Png(), .. Mark, .. Salt];

    /// <summary>The picture alone.</summary>
    public byte[] Png() => ImageEncoder.Png(Pixels, Width, Height, Channels);

    /// <exception cref="FrameArchiveException">It is no frame's file.</exception>
    public static ArchivedFrame FromFile(ReadOnlySpan<byte> file)
    {
        var end = file.Length - Mark.Length - SaltLength;
        if (end <= 0 || !file.Slice(end, Mark.Length).SequenceEqual(Mark))
        {
            throw new FrameArchiveException("it does not end with the salt of an archived frame");
        }

        using var decoder = new ImageDecoder();
        var probe = decoder.Probe(file[..end]);
        var pixels = new byte[probe.IsDecoded ? checked((int)probe.Header.DecodedLength) : 0];
        var result = probe.IsDecoded ? decoder.Decode(file[..end], pixels) : probe;
        return result is { IsDecoded: true, Header.BitsPerSample: 8 }
            ? new ArchivedFrame(result.Header.Width, result.Header.Height, result.Header.Channels, file[(end + Mark.Length)..].ToArray(), pixels)
            : throw new FrameArchiveException(result.IsDecoded ? $"it has {result.Header.BitsPerSample} bits a sample, and frames have 8" : result.Detail);
    }
}
