using Inspection.Kubernetes.Tests.Policies.Rendering;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>What the API server would refuse, or drop in silence, found without a server: unknown fields, wrong types, a field given twice.</summary>
internal static class SchemaRules
{
    public static IEnumerable<string> Check(Manifests manifests) => manifests.Documents.SelectMany(Of);

    private static IEnumerable<string> Of(Document document)
    {
        try
        {
            _ = document.Read(strict: true);
            return [];
        }
        catch (KeyNotFoundException)
        {
            return [$"{document.Title}: {Text.Or(Document.Scalar(document.Root, "apiVersion"))} {document.Kind} is no type of the API; correct apiVersion or kind"];
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or FormatException or ArgumentException or InvalidCastException)
        {
            return [$"{document.Title}: {Words(e)}; correct the field (the API's types have it otherwise)"];
        }
    }

    private static string Words(Exception e) => e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;
}
