using Inspection.Kubernetes.Tests.Policies.Rendering;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>A mistake in one rendered object: a text replaced, or the whole object left out.</summary>
/// <param name="What">In words; unique.</param>
/// <param name="Overlay">Whose rendered text.</param>
/// <param name="Policy">Who must name it.</param>
/// <param name="In">The object, Kind/name; a name may lack kustomize's hash.</param>
/// <param name="From">Null: the object is left out.</param>
/// <param name="To">In the place of each <paramref name="From"/>.</param>
/// <param name="Says">Part of the violation.</param>
internal sealed record Mutation(string What, string Overlay, string Policy, string In, string? From, string To, string Says)
{
    public string Apply(Manifests rendered)
    {
        var changed = rendered.Documents.Select(d => Is(d) ? Change(d.Text) : d.Text).ToList();
        var text = string.Join("\n---\n", changed.Where(t => t.Length > 0));
        Assert.True(changed.Where((t, i) => t != rendered.Documents[i].Text).Count() == 1, $"'{What}': {In} with '{From}' is not (once) in {rendered.Name}");
        return text;
    }

    private bool Is(Document d) => d.Title == In || d.Title.StartsWith(In + "-", StringComparison.Ordinal) && d.Kind == "ConfigMap";

    private string Change(string text) => From is null ? "" : text.Replace(From, To, StringComparison.Ordinal);
}
