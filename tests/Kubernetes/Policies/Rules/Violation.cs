namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A rule gathers what is wrong as sentences; none means that it holds.</summary>
internal static class Violation
{
    public static IEnumerable<string> Unless(bool holds, string otherwise) => holds ? [] : [otherwise];
}
