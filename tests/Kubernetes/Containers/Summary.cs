namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>What the tests with containers saw, one row each, for `./dev test` to print.</summary>
internal sealed class Summary
{
    private readonly List<string> _rows = [];

    public void Add(string what, string seen)
    {
        _rows.Add($"{what,-52} {seen}");
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "test", "Kubernetes")).FullName;
        File.WriteAllLines(Path.Combine(folder, "summary.txt"), _rows);
    }
}
