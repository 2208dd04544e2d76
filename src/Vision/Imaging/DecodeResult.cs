namespace Inspection.Vision.Imaging;

public enum DecodeStatus
{
    Decoded = 1,

    /// <summary>Empty, or no known format.</summary>
    NotAnImage = 2,

    /// <summary>A known format whose header or pixels are broken or cut off.</summary>
    Corrupt = 3,

    /// <summary>Sound, but of a kind that is not decoded (CMYK, 12-bit, ...).</summary>
    Unsupported = 4,

    /// <summary>Beyond the limits, or larger than the room it should be decoded into.</summary>
    TooLarge = 5,
}

/// <summary>How a decode ended. Detail says what is wrong and why where nothing was decoded, else it is empty.</summary>
public readonly record struct DecodeResult(DecodeStatus Status, ImageHeader Header, string Detail)
{
    public bool IsDecoded => Status == DecodeStatus.Decoded;
}

/// <summary>A decoded image on its own: [Height, Width, Channels] uint8, rows packed.</summary>
public sealed record DecodedImage(int Width, int Height, int Channels, byte[] Pixels, ImageHeader Header);
