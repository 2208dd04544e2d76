using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
using Inspection.Vision.Imaging.Decoding;

namespace Inspection.Vision.Cameras;

/// <summary>
/// "Exposes" by decoding the image file that the external id names below a folder. A missing file is Lost; one that cannot be read or
/// decoded, is deeper than 8 bits or larger than the slot is Unreadable. The file is read into native memory that is used again.
/// </summary>
public sealed class FolderCamera : ICamera
{
    private readonly string _folder;
    private readonly ImageDecoder _decoder;
    private readonly NativeScratch _file = new();

    /// <exception cref="CameraSetupException">The folder is missing.</exception>
    public FolderCamera(string folder, ImageLimits? limits = null)
    {
        _folder = FolderPath.Require(folder);
        _decoder = new ImageDecoder(limits);
    }

    public string Description => $"folder {_folder}";

    public CaptureResult Capture(string externalId, FrameSlot slot)
    {
        if (FolderPath.Resolve(_folder, externalId) is not { } path)
        {
            return CaptureResult.Lost($"'{externalId}' names no file below {_folder}: use a relative path without '.' or '..' steps");
        }

        try
        {
            if (EmptyFile.Is(path))
            {
                return CaptureResult.Unreadable($"{externalId}: {EmptyFile.Reason}");
            }

            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(handle);
            if (length > _decoder.Limits.MaxFileBytes)
            {
                return CaptureResult.Unreadable($"{externalId}: {length} bytes, at most {_decoder.Limits.MaxFileBytes} are read");
            }

            var file = _file.Get(Math.Max(1, (int)length));
            var filled = 0;
            while (filled < length && RandomAccess.Read(handle, file[filled..(int)length], filled) is > 0 and var read)
            {
                filled += read;
            }

            return Decode(externalId, file[..filled], slot);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return CaptureResult.Lost($"{externalId}: there is no such file in {_folder}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return CaptureResult.Unreadable($"{externalId}: {e.Message}");
        }
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _file.Dispose();
    }

    private CaptureResult Decode(string externalId, ReadOnlySpan<byte> file, FrameSlot slot)
    {
        var probe = _decoder.Probe(file);
        if (probe.IsDecoded && ImageDecoder.DepthRefusal(probe.Header) is { Length: > 0 } refusal)
        {
            return CaptureResult.Unreadable($"{externalId}: {refusal}");
        }

        var result = _decoder.Decode(file, slot.PixelRoom);
        if (!result.IsDecoded)
        {
            return CaptureResult.Unreadable($"{externalId}: {result.Detail}");
        }

        slot.SetShape(result.Header.Width, result.Header.Height, result.Header.Channels);
        return CaptureResult.Captured;
    }
}
