using System.Text.Json;

namespace Inspection.Nodes.Sensor.Ejectors.Mqtt;

/// <summary>Receiver to gate, a few times a second: its own clock, from which all times of the gate's messages are counted.</summary>
/// <param name="V">The version of this form: <see cref="EjectorJson.Version"/>.</param>
/// <param name="Receiver">Another one after each start of the receiver.</param>
/// <param name="BeatMs">The receiver's monotonic clock, in milliseconds.</param>
public sealed record BeatMessage(int V, string Receiver, long BeatMs);

/// <summary>Gate to receiver, a few times a second: the watchdog's food.</summary>
/// <param name="Gate">Another one after each start of the gate.</param>
/// <param name="Receiver">Whose beat was heard last.</param>
/// <param name="BeatMs">That beat.</param>
/// <param name="TtlMs">Good for so long after that beat; 0: the gate is gone, fall to rest.</param>
public sealed record HeartbeatMessage(int V, string Gate, string Receiver, long BeatMs, long TtlMs);

/// <summary>Gate to receiver: let this part pass, now.</summary>
/// <param name="WindowMs">The time that is left, counted from the beat: later a pulse meets another part (rule G4).</param>
public sealed record PassMessage(int V, string Gate, string Line, string Station, long Epoch, long Counter, string ExternalId, string Receiver, long BeatMs, long WindowMs);

/// <summary>Receiver to gate (rule G5): what it did with a part that it was to pass.</summary>
/// <param name="Why">Where it diverted.</param>
public sealed record ActedMessage(int V, string Line, string Station, long Epoch, long Counter, bool Passed, string Why);

/// <summary>Gate to receiver, retained: whether the line has the permission to run.</summary>
/// <param name="Epoch">Of the gate's station: a lower one than heard before is old news.</param>
public sealed record RunMessage(int V, long Epoch, bool Run, string Why);

/// <summary>Payloads are JSON in UTF-8, keys in snake case; unknown keys are passed over, so that later versions may say more.</summary>
public static class EjectorJson
{
    public const int Version = 1;

    private const int MostBytes = 4096;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    /// <summary>Null where it is no such message, or of another version: it is not obeyed.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> payload)
        where T : class
    {
        if (payload.Length > MostBytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Versioned>(payload, Options) is { V: Version } ? JsonSerializer.Deserialize<T>(payload, Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Versioned(int V);
}

/// <summary>A station's topics.</summary>
/// <param name="Root">As the plant file names it.</param>
public readonly record struct EjectorTopics(string Root)
{
    public string Beat => $"{Root}/beat";

    public string Heartbeat => $"{Root}/heartbeat";

    public string Pass => $"{Root}/pass";

    public string Acted => $"{Root}/acted";

    public string Run => $"{Root}/run";
}
