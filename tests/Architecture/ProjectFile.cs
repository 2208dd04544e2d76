using System.Xml.Linq;

namespace Inspection.Architecture.Tests;

/// <summary>What one .csproj file says about its name and what it depends on.</summary>
internal sealed record ProjectFile(string Path, string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static IReadOnlyList<ProjectFile> All { get; } = [.. Repository.SomeTextFiles("", ".csproj").Select(Load)];

    public static IEnumerable<ProjectFile> Sources => All.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>The assembly a build of this configuration makes of it.</summary>
    public string Assembly => System.IO.Path.Combine(
        Repository.FullPath(System.IO.Path.GetDirectoryName(Path)!), "bin", Repository.Configuration, "net10.0", Name + ".dll");

    /// <summary>This project's references and theirs, by name.</summary>
    public IReadOnlySet<string> Closure()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<ProjectFile>([this]);
        while (open.TryPop(out var project))
        {
            foreach (var name in project.Projects.Where(seen.Add))
            {
                open.Push(All.Single(p => p.Name == name));
            }
        }

        return seen;
    }

    public override string ToString() => Name;

    private static ProjectFile Load(string path)
    {
        var xml = XDocument.Parse(Repository.Read(path));
        return new ProjectFile(
            path,
            System.IO.Path.GetFileNameWithoutExtension(path),
            [.. Included(xml, "ProjectReference").Select(p => System.IO.Path.GetFileNameWithoutExtension(p.Replace('\\', '/')))],
            [.. Included(xml, "PackageReference")]);
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}
