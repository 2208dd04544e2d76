using Inspection.Vision.Imaging.Decoding;
using Inspection.Vision.Imaging.Headers;

namespace Inspection.Vision.Imaging;

/// <summary>
/// Decodes PNG, JPEG, BMP and TIFF, told apart by magic bytes, into packed grey or RGB bytes. Pixels come as stored: no colour
/// management, no rotation by EXIF or TIFF orientation tags (a camera's orientation is its mounting, and a tag that differs between two
/// files of one product would turn the part), alpha dropped, 16 bits cut to the high byte (a camera refuses those, see
/// <see cref="DepthRefusal"/>). Broken input of any kind is a value, never an exception. Holds scratch memory: one thread at a time.
/// </summary>
public sealed class ImageDecoder : IDisposable
{
    private readonly ImageLimits _limits;
    private readonly NativeScratch _scratch = new();

    public ImageDecoder(ImageLimits? limits = null) => _limits = (limits ?? new ImageLimits()).Validate();

    public ImageLimits Limits => _limits;

    /// <summary>Reads and judges the header only: what is refused here costs no decoding and no memory.</summary>
    public DecodeResult Probe(ReadOnlySpan<byte> file)
    {
        if (!ImageHeader.TryRead(file, out var header, out var problem))
        {
            return new DecodeResult(header == default && problem.StartsWith("not a", StringComparison.Ordinal) || file.IsEmpty ? DecodeStatus.NotAnImage : DecodeStatus.Corrupt, header, problem);
        }

        if (_limits.Refusal(header) is { Length: > 0 } refusal)
        {
            return new DecodeResult(DecodeStatus.TooLarge, header, refusal);
        }

        return header switch
        {
            { Colour: ColourModel.Cmyk } => new DecodeResult(DecodeStatus.Unsupported, header, $"CMYK {header.Format}: print colours cannot become RGB without their profile; save it as RGB or grey"),
            { BitsPerSample: not (1 or 2 or 4 or 8 or 16) } => new DecodeResult(DecodeStatus.Unsupported, header, $"{header.BitsPerSample} bits per sample: only 1 to 8 and 16 are decoded; save it with 8"),
            _ => new DecodeResult(DecodeStatus.Decoded, header, ""),
        };
    }

    /// <summary>
    /// Decodes into the first Width * Height * Channels bytes of <paramref name="pixels"/>: [Height, Width, Channels] uint8. On any other
    /// status than Decoded what the room holds is undefined.
    /// </summary>
    public DecodeResult Decode(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        var probe = Probe(file);
        if (!probe.IsDecoded)
        {
            return probe;
        }

        var header = probe.Header;
        if (header.DecodedLength > pixels.Length)
        {
            return new DecodeResult(DecodeStatus.TooLarge, header, $"image of {header.Width} x {header.Height} x {header.Channels} needs {header.DecodedLength} bytes, the frame's room has {pixels.Length}; set the camera's largest frame accordingly");
        }

        var target = pixels[..(int)header.DecodedLength];
        var problem = header.Format switch
        {
            ImageFormat.Png => PngHeader.Completeness(file),
            ImageFormat.Jpeg => JpegHeader.Completeness(file),
            _ => "",
        };
        if (problem.Length == 0)
        {
            problem = header.Format == ImageFormat.Tiff ? TiffDecoding.Decode(file, header, target) : SkiaDecoding.Decode(file, header, target, _scratch);
        }

        return problem.Length == 0 ? probe : new DecodeResult(DecodeStatus.Corrupt, header, problem);
    }

    /// <summary>Reads and decodes a whole file; null with the problem (which names the file) where that fails.</summary>
    public DecodedImage? ReadFile(string path, out string problem)
    {
        byte[] file;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > _limits.MaxFileBytes)
            {
                problem = $"{path}: {length} bytes, at most {_limits.MaxFileBytes} are read";
                return null;
            }

            if (EmptyFile.Is(path))
            {
                problem = $"{path}: {EmptyFile.Reason}";
                return null;
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{path}: {e.Message}";
            return null;
        }

        var probe = Probe(file);
        if (probe.IsDecoded)
        {
            var pixels = new byte[probe.Header.DecodedLength];
            probe = Decode(file, pixels);
            if (probe.IsDecoded)
            {
                problem = "";
                return new DecodedImage(probe.Header.Width, probe.Header.Height, probe.Header.Channels, pixels, probe.Header);
            }
        }

        problem = $"{path}: {probe.Detail}";
        return null;
    }

    /// <summary>The reason an inspection camera refuses the image (its low bits would be lost in silence), or "".</summary>
    public static string DepthRefusal(ImageHeader header) => header.BitsPerSample > 8
        ? $"{header.BitsPerSample} bits per sample: inspection works on 8; set the camera to 8 bits or convert the files with a stated scaling"
        : "";

    public void Dispose() => _scratch.Dispose();
}
