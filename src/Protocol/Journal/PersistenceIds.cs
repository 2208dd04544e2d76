namespace Inspection.Protocol;

/// <summary>Under which names actors persist. Constant for ever: an auditor finds a line's records by them.</summary>
public static class PersistenceIds
{
    public const string LinePrefix = "line-";

    /// <summary>The plant's log over all lines.</summary>
    public const string Log = "log";

    public static string Line(LineId line) => LinePrefix + line.Value;

    /// <summary>The line whose records are under this id; false for other persistence ids.</summary>
    public static bool TryLine(string persistenceId, out LineId line)
    {
        var name = persistenceId.StartsWith(LinePrefix, StringComparison.Ordinal) ? persistenceId[LinePrefix.Length..] : "";
        line = Names.IsValid(name) ? new LineId(name) : default;
        return name.Length > 0 && line != default;
    }
}
