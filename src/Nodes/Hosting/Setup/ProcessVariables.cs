namespace Inspection.Nodes.Hosting.Setup;

/// <summary>The environment variables that are read beside INSPECTION__A__B, which override a key of the plant file or the node file.</summary>
public static class ProcessVariables
{
    /// <summary>DEBUG, INFO, WARNING or ERROR: what is logged on standard error.</summary>
    public const string Log = "INSPECTION_LOG";

    /// <summary>json: one object a line; otherwise text.</summary>
    public const string LogFormat = "INSPECTION_LOG_FORMAT";

    /// <summary>How the person started the program, for commands that are printed to be typed.</summary>
    public const string Command = "INSPECTION_COMMAND";

    /// <summary>A folder with the files of cluster-config/, read in place of those inside the program.</summary>
    public const string ClusterConfig = "INSPECTION_CLUSTER_CONFIG";

    /// <summary>The private key of the plant's log itself, PKCS#8 PEM, in place of the file that the plant file names.</summary>
    public const string LogKey = "INSPECTION_LOG_KEY";

    /// <summary>What a node asks of whoever reviews a part or erases a frame over HTTP, and what the commands show; empty: closed.</summary>
    public const string AccessKey = "INSPECTION_ACCESS_KEY";

    public static IReadOnlyList<string> All { get; } = [Log, LogFormat, Command, ClusterConfig, LogKey, AccessKey];

    /// <returns>Null where it is not set, or empty.</returns>
    public static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
