using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.Decisions.Packages;

/// <summary>
/// Reads the policy of a model from the bytes of its package.json, with nothing but the JSON: so inference, the line supervisor and an
/// offline auditor (who has only the journal's <c>ModelActivated</c>) derive the same <see cref="ModelPolicy"/>. Keys it does not need
/// are ignored here; the package loader refuses unknown ones.
/// </summary>
public static class ModelPolicyReader
{
    /// <param name="json">package.json, UTF-8.</param>
    /// <exception cref="FormatException">No JSON, or a value that the policy needs is missing or of the wrong kind; the message names the key.</exception>
    public static ModelPolicy FromManifest(ReadOnlySpan<byte> json)
    {
        using var document = Parse(json);
        var root = document.RootElement;
        var stage = Text(root, "package.json", "stage") switch
        {
            "coarse" => ModelStage.Coarse,
            "verifier" => ModelStage.Verifier,
            var other => throw new FormatException($"package.json: stage is \"{other}\"; it must be \"coarse\" or \"verifier\""),
        };
        var policy = new ModelPolicy
        {
            ModelDigest = ModelDigest(root),
            Stage = stage,
            ThresholdsDigest = Digest.Of(Encoding.UTF8.GetBytes(CanonicalThresholds(root, stage))),
            CalibrationDigest = Digest.Of(Encoding.UTF8.GetBytes(CanonicalCalibration(root))),
        };
        return stage == ModelStage.Coarse ? WithCoarse(policy, Section(root, "coarse")) : WithVerifier(policy, Section(root, "verifier"));
    }

    private static ModelPolicy WithCoarse(ModelPolicy policy, JsonElement section) => policy with
    {
        Candidate = Single(section, "coarse", "candidate"),
        Reject = Single(section, "coarse", "reject"),
        ClearLimit = Single(section, "coarse", "clear_limit"),
        OodLimit = Single(section, "coarse", "ood"),
        Tolerance = Single(section, "coarse", "tolerance"),
    };

    private static ModelPolicy WithVerifier(ModelPolicy policy, JsonElement section) => policy with
    {
        NgProbability = Single(section, "verifier", "ng_probability"),
        OkProbability = Single(section, "verifier", "ok_probability"),
    };

    /// <summary>One "key=value" line a value, in a fixed order; floats as their IEEE-754 bits, so that white space and rounding in the file do not matter.</summary>
    private static string CanonicalThresholds(JsonElement root, ModelStage stage)
    {
        var text = new StringBuilder();
        if (stage == ModelStage.Coarse)
        {
            var section = Section(root, "coarse");
            _ = text.Append("coarse\n");
            foreach (var key in (ReadOnlySpan<string>)["candidate", "reject", "clear_limit", "ood", "tolerance"])
            {
                _ = text.Append(CultureInfo.InvariantCulture, $"{key}={Bits(Single(section, "coarse", key))}\n");
            }

            return text.Append(CultureInfo.InvariantCulture, $"map={Integer(section, "coarse", "map_height")}x{Integer(section, "coarse", "map_width")}\n").ToString();
        }

        var verifier = Section(root, "verifier");
        _ = text.Append("verifier\n");
        foreach (var key in (ReadOnlySpan<string>)["ng_probability", "ok_probability"])
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{key}={Bits(Single(verifier, "verifier", key))}\n");
        }

        foreach (var name in Items(verifier, "verifier", "classes"))
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"class={name.GetString()}\n");
        }

        var fraction = BitConverter.DoubleToInt64Bits(Number(verifier, "verifier", "crop_fraction"));
        return text.Append(CultureInfo.InvariantCulture, $"crop_fraction={fraction:x16}\n")
            .Append(CultureInfo.InvariantCulture, $"crop_minimum={Integer(verifier, "verifier", "crop_minimum")}\n")
            .Append(CultureInfo.InvariantCulture, $"max_regions={Integer(verifier, "verifier", "max_regions")}\n").ToString();
    }

    private static string CanonicalCalibration(JsonElement root)
    {
        var section = Section(root, "calibration");
        var text = new StringBuilder("calibration\n");
        _ = text.Append(CultureInfo.InvariantCulture, $"method={Text(section, "calibration", "method")}\nunits={Integer(section, "calibration", "units")}\n");
        foreach (var key in (ReadOnlySpan<string>)["reject_rate", "candidate_rate"])
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{key}={BitConverter.DoubleToInt64Bits(Number(section, "calibration", key)):x16}\n");
        }

        foreach (var score in Items(section, "calibration", "scores"))
        {
            _ = text.Append(Bits(AsSingle(score, "calibration", "scores"))).Append('\n');
        }

        return text.ToString();
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new FormatException($"package.json is not JSON: {e.Message}", e);
        }
    }

    private static Digest ModelDigest(JsonElement root)
    {
        var hex = Text(root, "package.json", "model_digest");
        return hex.Length == 2 * Digest.Length && hex.All(char.IsAsciiHexDigit)
            ? Digest.Parse(hex)
            : throw new FormatException($"package.json: model_digest is \"{hex}\"; it must be the {2 * Digest.Length} hexadecimal digits of a SHA-256");
    }

    private static JsonElement Section(JsonElement root, string key) => Member(root, "package.json", key, JsonValueKind.Object);

    private static string Text(JsonElement parent, string where, string key) => Member(parent, where, key, JsonValueKind.String).GetString()!;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string where, string key) => Member(parent, where, key, JsonValueKind.Array).EnumerateArray();

    private static int Integer(JsonElement parent, string where, string key) => Member(parent, where, key, JsonValueKind.Number).TryGetInt32(out var value)
        ? value
        : throw new FormatException($"package.json: {where}.{key} must be a whole number");

    private static double Number(JsonElement parent, string where, string key) => Member(parent, where, key, JsonValueKind.Number).GetDouble();

    private static float Single(JsonElement parent, string where, string key) => parent.TryGetProperty(key, out var value)
        ? AsSingle(value, where, key)
        : throw new FormatException($"package.json: {where}.{key} is missing");

    private static float AsSingle(JsonElement value, string where, string key) => (value.ValueKind, value.ValueKind == JsonValueKind.String ? value.GetString() : "") switch
    {
        (JsonValueKind.Number, _) => value.GetSingle(),
        (_, "Infinity") => float.PositiveInfinity,
        (_, "-Infinity") => float.NegativeInfinity,
        (_, "NaN") => float.NaN,
        _ => throw new FormatException($"package.json: {where}.{key} must be a number, it is {value.GetRawText()}"),
    };

    private static JsonElement Member(JsonElement parent, string where, string key, JsonValueKind kind)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(key, out var value))
        {
            throw new FormatException($"package.json: {(where == "package.json" ? key : $"{where}.{key}")} is missing");
        }

        return value.ValueKind == kind
            ? value
            : throw new FormatException($"package.json: {where}.{key} must be {kind}, it is {value.ValueKind}");
    }

    private static string Bits(float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return Convert.ToHexStringLower(bytes);
    }
}
