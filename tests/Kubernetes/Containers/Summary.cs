namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>What the tests with containers saw, one row each, for `./dev test` to print.</summary>
internal sealed class Summary
{
    private static readonly List<string> Rows = [];

    public void Add(string what, string seen)
    {
        Rows.Add($"{what,-52} {seen}");
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "test", "Kubernetes")).FullName;
        File.WriteAllLines(Path.Combine(folder, "summary.txt"), Rows);
    }
}
