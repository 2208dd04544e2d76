using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inspection.Audit;

/// <summary>How audit results become JSON: keys in snake_case, enumerations by name, NaN as "NaN".</summary>
public static class AuditJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static JsonSerializerOptions Loose { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What a document says of its own format, whatever else is in it: a later format may have other keys. Null: nothing.</summary>
    /// <exception cref="JsonException">It is no JSON object, or its format is no text.</exception>
    public static string? FormatOf(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Versioned>(json, Loose)?.Format;

    public static string ToJson<T>(T result) => JsonSerializer.Serialize(result, Options);

    private sealed record Versioned(string? Format);
}
