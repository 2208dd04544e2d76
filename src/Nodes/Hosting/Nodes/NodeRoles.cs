using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Nodes.Hosting.Nodes;

/// <summary>What a node does; any set of them (design section 3).</summary>
public static class NodeRoles
{
    public const string Sensor = "sensor";
    public const string Detector = "detector";
    public const string Verifier = "verifier";
    public const string Supervisor = "supervisor";
    public const string Gateway = "gateway";

    public static IReadOnlyList<string> All { get; } = [Sensor, Detector, Verifier, Supervisor, Gateway];

    /// <summary>Whether a node with these roles looks at frames, and so opens models.</summary>
    public static bool Work(IReadOnlyList<string> roles) => roles.Contains(Detector) || roles.Contains(Verifier);

    /// <param name="text">Roles with commas between them.</param>
    /// <exception cref="PlantException">An unknown role, or none.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (roles.Length == 0)
        {
            throw new PlantException($"--roles is empty: name at least one of {string.Join(", ", All)}");
        }

        return roles.FirstOrDefault(r => !All.Contains(r)) is { } unknown
            ? throw new PlantException($"--roles: '{unknown}' is not a role; did you mean '{Nearest.Of(unknown, All)}'? Roles: {string.Join(", ", All)}")
            : roles;
    }
}
