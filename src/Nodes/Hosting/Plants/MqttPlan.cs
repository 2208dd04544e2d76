using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>An ejector that is reached over an MQTT broker.</summary>
/// <param name="Broker">Its host and TCP port.</param>
/// <param name="Topic">What the station's topics begin with, without a slash at the end.</param>
/// <param name="UserVariable">The environment variable that holds the user's name; null: none is said.</param>
/// <param name="PasswordVariable">The one that holds the password; null: none is said.</param>
public sealed record MqttPlan(HostPort Broker, string Topic, string? UserVariable, string? PasswordVariable)
{
    /// <summary>From this process's environment; null: none are said.</summary>
    /// <exception cref="PlantException">A variable is not set.</exception>
    public (string User, string? Password)? ReadCredentials() => UserVariable is null ? null : (Read(UserVariable), PasswordVariable is { } p ? Read(p) : null);

    private string Read(string variable) => ProcessVariables.Read(variable)
        ?? throw new PlantException($"the environment variable {variable} is not set: the plant file names it for the MQTT broker {Broker} (topic {Topic}); set it where the plant runs");
}
