using System.Collections.Concurrent;
using Inspection.Protocol;

namespace Inspection.Simulation.Engine;

/// <summary>Messages in the trace.</summary>
internal static class MessageNames
{
    private static readonly ConcurrentDictionary<Type, long> _names = new();

    /// <summary>The same in every process: the type's name and the part it speaks of.</summary>
    public static long HashOf(object message)
    {
        var name = _names.GetOrAdd(message.GetType(), static type => type.Name.Aggregate(17L, (hash, c) => (hash * 31) + c));
        return message switch
        {
            LineCommands.SubmitEvidence x => name + (x.Key.Epoch * 1_000_003) + x.Key.Counter,
            LineReplies.PartClosed x => name + (x.Key.Epoch * 1_000_003) + x.Key.Counter,
            LineCommands.AnnounceTriggers x => name + (x.Epoch * 1_000_003) + x.From,
            string text => text.Aggregate(name, (hash, c) => (hash * 31) + c),
            _ => name,
        };
    }

    public static string TextOf(object message, bool isRead) => !isRead ? "" : message switch
    {
        LineCommands.SubmitEvidence x => $"SubmitEvidence {x.Key} {x.Evidence.Camera} {x.Evidence.Outcome} {x.Evidence.CoarseScore}",
        LineCommands.AnnounceTriggers x => $"AnnounceTriggers {x.Station} epoch {x.Epoch} from {x.From}, {x.ExternalIds.Count} of them",
        _ => message.ToString() ?? "",
    };
}
