using System.Globalization;
using System.Text.RegularExpressions;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Hosting.Nodes;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>Reads a station's gate.</summary>
internal static partial class GateReader
{
    /// <param name="station">The station's section.</param>
    /// <param name="pace">Of the station.</param>
    /// <param name="log">Of the simulated ejector, where the file names none.</param>
    /// <param name="folder">Of the plant file.</param>
    public static GatePlan Read(YamlSection station, Pace pace, string log, string folder)
    {
        var gate = station.Section("gate");
        var travel = gate?.Duration("travel");
        if (!pace.IsPulled && travel is null)
        {
            throw station.Wrong("gate", $"a station with pace {pace} needs gate.travel, the longest time from camera to ejector: after a start or an epoch change the gate diverts for as long (rule G3)");
        }

        var window = gate?.Duration("pass_window");
        if (window is { } w && (w <= TimeSpan.Zero || pace.PerSecond * w.TotalSeconds > 1))
        {
            throw gate!.Wrong("pass_window", $"{Durations.Text(w)} is not allowed: it must be above 0 and at most the way between two parts (at pace {pace}: {1000 / pace.PerSecond:0} ms), a later pulse meets another part (rule G1)");
        }

        var plan = new GatePlan(
            pace.IsPulled ? Transport.Indexed : Transport.Conveyor,
            travel ?? TimeSpan.Zero,
            gate?.OptionalText("ejector_log") is { } own ? Path.GetFullPath(own, folder) : log,
            gate?.Integer("stop_after", 0, 0, 1_000_000) ?? 0)
        {
            PassWindow = window ?? GatePlan.DefaultPassWindow,
            Mqtt = gate is null ? null : ReadMqtt(gate, pace, window ?? GatePlan.DefaultPassWindow),
        };
        gate?.NoOtherKeys();
        return plan;
    }

    private static MqttPlan? ReadMqtt(YamlSection gate, Pace pace, TimeSpan window)
    {
        var mqtt = gate.Section("mqtt");
        if (!gate.Choice("ejector", false, ("simulated", false), ("mqtt", true)))
        {
            return mqtt is null ? null : throw gate.Wrong("mqtt", "belongs to 'ejector: mqtt', and the ejector is the simulated one");
        }

        if (mqtt is null)
        {
            throw gate.Wrong("ejector", "mqtt needs 'mqtt: { broker: HOST:PORT, topic: \"PLANT/LINE/STATION\" }'");
        }

        if (pace.IsPulled)
        {
            throw gate.Wrong("ejector", "mqtt is for a conveyor: give the station a pace in parts a second and gate.travel; nothing tells the machine of a pulled source to move its parts on");
        }

        if (gate.Has("ejector_log"))
        {
            throw gate.Wrong("ejector_log", "belongs to the simulated ejector; over MQTT the receiver's own log says what it did");
        }

        if (pace.PerSecond * window.TotalSeconds > 1)
        {
            throw gate.Wrong("ejector", $"at pace {pace} a part follows the last one after {1000 / pace.PerSecond:0} ms, and a pass is good for {Durations.Text(window)}: set pass_window below (rule G1)");
        }

        var (user, password) = (Variable(mqtt, "user_variable"), Variable(mqtt, "password_variable"));
        var plan = new MqttPlan(Broker(mqtt), Topic(mqtt), user, password);
        mqtt.NoOtherKeys();
        return password is null || user is not null ? plan : throw mqtt.Wrong("password_variable", "needs 'user_variable' beside it");
    }

    /// <summary>What is no host and port is not shown: a password may be in it.</summary>
    private static HostPort Broker(YamlSection mqtt)
    {
        var text = mqtt.Text("broker");
        var colon = text.LastIndexOf(':');
        return colon > 0 && !text.AsSpan().ContainsAny("@/ ") && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? new HostPort(text[..colon], port)
            : throw mqtt.Wrong("broker", "must be HOST:PORT, such as broker.plant:1883; user and password come from environment variables (user_variable, password_variable)");
    }

    private static string Topic(YamlSection mqtt)
    {
        var text = mqtt.Text("topic");
        return text.Length <= 200 && TopicPattern().IsMatch(text) ? text : throw mqtt.Wrong("topic", $"'{text}' is no topic for a station: names between single slashes, none at the ends, at most 200 characters of letters, digits, '.', '_', '-' and '/'");
    }

    private static string? Variable(YamlSection mqtt, string key)
    {
        var name = mqtt.OptionalText(key);
        return name is null || VariablePattern().IsMatch(name) ? name : throw mqtt.Wrong(key, "must be the name of an environment variable, such as PLANT_MQTT_USER: the value itself stays out of the file");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\z")]
    private static partial Regex TopicPattern();

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]*\z")]
    private static partial Regex VariablePattern();
}
