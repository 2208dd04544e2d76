using System.CommandLine;
using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Commands;

/// <summary>Options that several commands share, made anew for each.</summary>
internal static class Shared
{
    /// <summary>How the person started this program (./dev says so), for commands that are printed to be typed.</summary>
    public static string Program { get; } = ProcessVariables.Read(ProcessVariables.Command) ?? "inspection";

    public static Option<bool> Json() => new("--json") { Description = "One JSON object on standard output; everything else on standard error" };

    public static Option<bool> Headless() => new("--headless") { Description = "No live table; plain lines" };

    public static Option<int> Port() => new("--port") { Description = "Serve /health/live, /health/ready and /metrics on this loopback port; 0: off", DefaultValueFactory = _ => 0 };

    public static Option<string> Plant(bool required = true) => new("--plant") { Description = "The plant file", Required = required };

    public static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<string?> Optional(string name, string description) => new(name) { Description = description };
}
