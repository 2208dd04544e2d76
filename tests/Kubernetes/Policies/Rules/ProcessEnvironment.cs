using System.Text.RegularExpressions;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>What a container's environment would be in a pod, and reading files under it as the program there does.</summary>
internal static partial class ProcessEnvironment
{
    /// <summary>In the order of the list: $(NAME) is known only below its own entry, as in Kubernetes.</summary>
    /// <param name="variables">A container's list.</param>
    /// <param name="from">The value of one that comes from elsewhere.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<V1EnvVar> variables, Func<V1EnvVarSource, string> from)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            known[variable.Name] = variable.ValueFrom is { } source
                ? from(source)
                : Reference().Replace(variable.Value ?? "", m => known.TryGetValue(m.Groups[1].Value, out var value) ? value : m.Value);
        }

        return known;
    }

    public static IEnumerable<string> Unexpanded(IReadOnlyDictionary<string, string> variables) =>
        variables.Where(v => Reference().IsMatch(v.Value)).Select(v => v.Key);

    /// <summary>Process-wide while <paramref name="read"/> runs: tests of this assembly don't run in parallel.</summary>
    public static T With<T>(IEnumerable<KeyValuePair<string, string>> variables, Func<T> read)
    {
        var before = variables.Select(v => (v.Key, v.Value, Before: Environment.GetEnvironmentVariable(v.Key))).ToList();
        try
        {
            before.ForEach(v => Environment.SetEnvironmentVariable(v.Key, v.Value));
            return read();
        }
        finally
        {
            before.ForEach(v => Environment.SetEnvironmentVariable(v.Key, v.Before));
        }
    }

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Reference();
}
