using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Members;

/// <summary>
/// A node's log on standard error, one line an event. INSPECTION_LOG_FORMAT=json writes one JSON object a line with every named value of the
/// message as a key of its own (line, station, epoch, node, ...); otherwise text for people.
/// </summary>
internal sealed class NodeLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private static readonly bool AsJson = string.Equals(ProcessVariables.Read(ProcessVariables.LogFormat), "json", StringComparison.OrdinalIgnoreCase);

    public NodeLogger()
    {
        Receive<LogEvent>(e =>
        {
            if (!IsNoise(e))
            {
                System.Console.Error.WriteLine(Text(e, AsJson));
            }
        });
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
    }

    /// <summary>The library's look-out for contact points: several lines a second, and what this node waits for is said by itself.</summary>
    private static bool IsNoise(LogEvent e) =>
        e.LogLevel() < LogLevel.ErrorLevel && (e.LogClass?.Namespace?.StartsWith("Akka.Management", StringComparison.Ordinal) ?? false);

    internal static string Text(LogEvent e, bool asJson)
    {
        var level = e.LogLevel() switch
        {
            LogLevel.DebugLevel => "debug",
            LogLevel.InfoLevel => "info",
            LogLevel.WarningLevel => "warning",
            _ => "error",
        };
        if (!asJson)
        {
            var cause = e.Cause is null ? "" : $": {e.Cause.GetType().Name}: {e.Cause.Message}";
            return string.Create(CultureInfo.InvariantCulture, $"{e.Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {level,-7} {e.Message}{cause}");
        }

        var entry = new JsonObject { ["utc"] = e.Timestamp.ToString("O", CultureInfo.InvariantCulture), ["level"] = level, ["message"] = e.Message.ToString(), ["source"] = e.LogSource };
        if (e.Message is LogMessage structured)
        {
            foreach (var (name, value) in structured.GetProperties())
            {
                entry[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        if (e.Cause is not null)
        {
            entry["cause"] = e.Cause.ToString();
        }

        return entry.ToJsonString();
    }
}
