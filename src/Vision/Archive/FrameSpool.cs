using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;

namespace Inspection.Vision.Archive;

/// <summary>
/// Where frames wait, as they are, for their part's conclusion: a node that is killed meanwhile finds them again. Encoding follows when
/// they are kept. Any thread; a camera has one <see cref="FrameCopy"/> of its own.
/// </summary>
public sealed class FrameSpool
{
    private const string Extension = ".raw";

    private readonly string _folder;

    /// <param name="folder">This node's own.</param>
    public FrameSpool(string folder) => _folder = Directory.CreateDirectory(folder).FullName;

    public void Write(Digest frame, ReadOnlySpan<byte> raw)
    {
        var path = PathOf(frame);
        using (var stream = new FileStream(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(raw);
        }

        File.Move(path + ".part", path);
    }

    public void Drop(Digest frame) => File.Delete(PathOf(frame));

    /// <exception cref="FrameArchiveException">It is not there, or cut off.</exception>
    public ArchivedFrame Read(Digest frame)
    {
        var file = File.Exists(PathOf(frame)) ? File.ReadAllBytes(PathOf(frame)) : throw new FrameArchiveException($"{PathOf(frame)} is gone");
        return FrameCopy.FromRaw(file) is { } found && found.Digest == frame ? found : throw new FrameArchiveException($"{PathOf(frame)} is not whole");
    }

    /// <summary>What an earlier life of this node left.</summary>
    public IReadOnlyList<Digest> Left()
    {
        foreach (var part in Directory.EnumerateFiles(_folder, "*.part").ToList())
        {
            File.Delete(part); // its evidence was never sent
        }

        return [.. Directory.EnumerateFiles(_folder, "*" + Extension)
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => n.Length == 2 * Digest.Length && n.All(char.IsAsciiHexDigitLower))
            .Select(Digest.Parse)];
    }

    private string PathOf(Digest frame) => Path.Combine(_folder, frame + Extension);
}

/// <summary>A camera's room for copies of its frames, masked, with their salt: used again and again. One thread.</summary>
public sealed class FrameCopy : IDisposable
{
    private const int HeaderLength = 8 + 12 + ArchivedFrame.SaltLength;

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes("iframe1\n");

    private readonly NativeRoom _room = new();

    /// <summary>The frame as it is spooled, and its digest. The bytes are good until the next call.</summary>
    /// <param name="slot">Holds a frame.</param>
    /// <param name="masks">The preparation's, in fractions of the frame: what is stored is what the model saw (rule S8).</param>
    public (Digest Frame, ReadOnlyMemory<byte> Raw) Of(FrameSlot slot, ReadOnlySpan<FractionBox> masks)
    {
        var raw = _room.Of(HeaderLength + slot.Pixels.Length);
        var bytes = raw.Span;
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], slot.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], slot.Height);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], slot.Channels);
        var salt = bytes[20..HeaderLength];
        RandomNumberGenerator.Fill(salt);
        var pixels = bytes[HeaderLength..];
        slot.Pixels.CopyTo(pixels);
        foreach (var fractions in masks)
        {
            var mask = FrameRegions.Mask(fractions, slot.Width, slot.Height);
            for (var y = mask.Y; y < mask.Y + mask.Height; y++)
            {
                pixels.Slice(((y * slot.Width) + mask.X) * slot.Channels, mask.Width * slot.Channels).Clear();
            }
        }

        return (ArchivedFrame.DigestOf(salt, slot.Width, slot.Height, slot.Channels, pixels), raw);
    }

    public void Dispose() => _room.Dispose();

    /// <summary>Null where it is no whole copy.</summary>
    internal static ArchivedFrame? FromRaw(ReadOnlySpan<byte> raw)
    {
        if (raw.Length < HeaderLength || !raw[..8].SequenceEqual(Mark))
        {
            return null;
        }

        var (width, height, channels) = (BinaryPrimitives.ReadInt32LittleEndian(raw[8..]), BinaryPrimitives.ReadInt32LittleEndian(raw[12..]), BinaryPrimitives.ReadInt32LittleEndian(raw[16..]));
        return width > 0 && height > 0 && channels is 1 or 3 && (long)width * height * channels == raw.Length - HeaderLength
            ? new ArchivedFrame(width, height, channels, raw[20..HeaderLength].ToArray(), raw[HeaderLength..].ToArray())
            : null;
    }
}
