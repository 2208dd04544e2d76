using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A rule gathers what is wrong as sentences; none means that it holds.</summary>
internal static class Violation
{
    public static IEnumerable<string> Unless(bool holds, string otherwise) => holds ? [] : [otherwise];

    /// <summary>What the program says where it refuses the files of this folder, which a manifest names without it.</summary>
    public static IEnumerable<string> Refusal(Scratch folder, Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (PlantException e)
        {
            return [e.Message.Replace(folder.Root + "/", "", StringComparison.Ordinal)];
        }
    }
}
