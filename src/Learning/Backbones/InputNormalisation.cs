using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inspection.Learning.Backbones;

public enum ColourOrder
{
    Rgb = 1,
    Bgr = 2,
}

/// <summary>
/// What a backbone expects of a pixel: (value - Mean[c]) / Std[c], value 0..255, c in the backbone's own channel order. A file backbone
/// may have it beside it as FILE.json: <c>{"order": "bgr", "mean": [104, 117, 123], "std": [1, 1, 1]}</c>.
/// </summary>
public sealed record InputNormalisation
{
    /// <summary>RGB / 255, less the ImageNet mean, over its standard deviation: what torchvision's models expect.</summary>
    public static readonly InputNormalisation ImageNet = new()
    {
        Order = ColourOrder.Rgb,
        Mean = [0.485f * 255, 0.456f * 255, 0.406f * 255],
        Std = [0.229f * 255, 0.224f * 255, 0.225f * 255],
    };

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required ColourOrder Order { get; init; }

    public required float[] Mean { get; init; }

    public required float[] Std { get; init; }

    /// <summary>The constants beside a backbone file, or <see cref="ImageNet"/> where there are none.</summary>
    public static InputNormalisation Beside(string onnxFile)
    {
        var path = onnxFile + ".json";
        if (!File.Exists(path))
        {
            return ImageNet;
        }

        try
        {
            var read = JsonSerializer.Deserialize<InputNormalisation>(File.ReadAllBytes(path), Json);
            return read is { Mean.Length: 3, Std.Length: 3 } && Enum.IsDefined(read.Order) && read.Std.All(s => float.IsFinite(s) && s > 0) && read.Mean.All(float.IsFinite)
                ? read
                : throw new BackboneException($"{path}: needs \"order\" (rgb or bgr), \"mean\" and \"std\" with three finite numbers each, std above 0");
        }
        catch (JsonException e)
        {
            throw new BackboneException($"{path}: {e.Message}. It needs \"order\" (rgb or bgr), \"mean\" and \"std\" with three numbers each.", e);
        }
    }
}
