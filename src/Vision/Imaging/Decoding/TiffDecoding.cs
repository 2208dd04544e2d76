using System.Buffers;
using BitMiracle.LibTiff.Classic;

namespace Inspection.Vision.Imaging.Decoding;

/// <summary>
/// TIFF through LibTiff.NET: 8 and 16 bit grey or RGB in strips directly, everything else (tiles, palettes, 1 to 4 bits, white-is-zero,
/// YCbCr, separate planes) through the library's RGBA reader with the orientation left as stored. Allocates: TIFF is for files, not for fast lines.
/// </summary>
internal static unsafe class TiffDecoding
{
    /// <summary>A strip or tile may be larger than its picture: tiles have sides of a multiple of 16, strips a usual number of rows.</summary>
    private const long LargestPart = 16 << 20;

    /// <summary>Four samples of 16 bits.</summary>
    private const long MostBytesPerPixel = 8;

    static TiffDecoding() => Tiff.SetErrorHandler(new Router());

    /// <summary>The problem in words, or "". <paramref name="target"/> is exactly the decoded length.</summary>
    public static string Decode(ReadOnlySpan<byte> file, ImageHeader header, Span<byte> target)
    {
        fixed (byte* bytes = file)
        {
            var errors = new Errors();
            try
            {
                using var tiff = Tiff.ClientOpen("tiff", "r", errors, new MemoryTiff(bytes, file.Length));
                if (tiff is null)
                {
                    return $"TIFF cannot be opened: {errors.Text}";
                }

                if (!FitsFile(tiff, header, file.Length))
                {
                    return "TIFF contradicts itself: its strips or tiles are larger than the file, or than the picture";
                }

                var read = IsPlain(tiff, header) ? ReadStrips(tiff, header, target) : ReadRgba(tiff, header, target);
                return read ? "" : $"TIFF is broken or cut off within its pixels: {errors.Text}";
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // the library answers some malformed files with exceptions of any kind; bad input is a value here
                return $"TIFF is broken: {e.Message} {errors.Text}";
            }
        }
    }

    /// <summary>The library makes room for what a strip or tile says it has, before it finds that it is not there.</summary>
    private static bool FitsFile(Tiff tiff, ImageHeader header, long fileLength)
    {
        var (tiled, decoded) = tiff.IsTiled() ? (true, (long)tiff.TileSize()) : (false, tiff.StripSize());
        if (decoded <= 0 || decoded > LargestPart + (header.Pixels * MostBytesPerPixel))
        {
            return false;
        }

        var parts = tiled ? tiff.NumberOfTiles() : tiff.NumberOfStrips();
        for (var part = 0; part < parts; part++)
        {
            if (tiff.RawStripSize(part) is var stored && (stored <= 0 || stored > fileLength)) // tiles, too: the library keeps both in one list
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlain(Tiff tiff, ImageHeader header) =>
        !tiff.IsTiled()
        && header.BitsPerSample is 8 or 16
        && Tag(tiff, TiffTag.PLANARCONFIG, (int)PlanarConfig.CONTIG) == (int)PlanarConfig.CONTIG
        && Tag(tiff, TiffTag.PHOTOMETRIC, -1) is (int)Photometric.MINISBLACK or (int)Photometric.RGB
        && Tag(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT) == (int)SampleFormat.UINT
        && Tag(tiff, TiffTag.SAMPLESPERPIXEL, 1) >= header.Channels;

    private static bool ReadStrips(Tiff tiff, ImageHeader header, Span<byte> target)
    {
        var samples = Tag(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        var sampleBytes = header.BitsPerSample / 8;
        var rowBytes = (long)header.Width * samples * sampleBytes;
        if (rowBytes > int.MaxValue || tiff.ScanlineSize() != rowBytes)
        {
            return false;
        }

        // LibTiff swaps 16-bit samples to this machine's order, so the high byte is the second of the two
        var highByte = sampleBytes - 1;
        var row = ArrayPool<byte>.Shared.Rent((int)rowBytes);
        try
        {
            for (var y = 0; y < header.Height; y++)
            {
                if (!tiff.ReadScanline(row, y))
                {
                    return false;
                }

                var line = target.Slice(y * header.Width * header.Channels, header.Width * header.Channels);
                if (samples == header.Channels && sampleBytes == 1)
                {
                    row.AsSpan(0, line.Length).CopyTo(line);
                    continue;
                }

                for (var x = 0; x < header.Width; x++)
                {
                    for (var c = 0; c < header.Channels; c++)
                    {
                        line[(x * header.Channels) + c] = row[((((x * samples) + c) * sampleBytes) + highByte)];
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(row);
        }

        return true;
    }

    private static bool ReadRgba(Tiff tiff, ImageHeader header, Span<byte> target)
    {
        var raster = new int[checked((int)header.Pixels)];
        var stored = (Orientation)Tag(tiff, TiffTag.ORIENTATION, (int)Orientation.TOPLEFT);
        if (!tiff.ReadRGBAImageOriented(header.Width, header.Height, raster, stored, stopOnError: true))
        {
            return false;
        }

        for (var i = 0; i < raster.Length; i++)
        {
            var pixel = raster[i];
            if (header.Channels == 1)
            {
                target[i] = (byte)Tiff.GetR(pixel);
                continue;
            }

            target[3 * i] = (byte)Tiff.GetR(pixel);
            target[(3 * i) + 1] = (byte)Tiff.GetG(pixel);
            target[(3 * i) + 2] = (byte)Tiff.GetB(pixel);
        }

        return true;
    }

    private static int Tag(Tiff tiff, TiffTag tag, int otherwise) => tiff.GetFieldDefaulted(tag) is [var value, ..] ? value.ToInt() : otherwise;

    /// <summary>What went wrong first in one decode.</summary>
    private sealed class Errors
    {
        public string Text { get; set; } = "";
    }

    /// <summary>The library's one handler for the process, which would write to standard error; each decode's words go to its own <see cref="Errors"/>.</summary>
    private sealed class Router : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (clientData is Errors { Text: "" } errors)
            {
                errors.Text = $"{method}: {format}";
            }
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }

    private sealed class MemoryTiff(byte* data, int length) : TiffStream
    {
        private readonly byte* _data = data;
        private long _at;

        public override int Read(object clientData, byte[] buffer, int offset, int count)
        {
            var readable = (int)Math.Clamp(length - _at, 0, count);
            if (readable > 0)
            {
                new ReadOnlySpan<byte>(_data + _at, readable).CopyTo(buffer.AsSpan(offset));
                _at += readable;
            }

            return readable;
        }

        public override void Write(object clientData, byte[] buffer, int offset, int count) => throw new NotSupportedException("read only");

        public override long Seek(object clientData, long offset, SeekOrigin origin) => _at = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _at + offset,
            _ => length + offset,
        };

        public override void Close(object clientData)
        {
        }

        public override long Size(object clientData) => length;
    }
}
