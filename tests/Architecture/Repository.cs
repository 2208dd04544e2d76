namespace Inspection.Architecture.Tests;

/// <summary>The checkout these tests were built from, and the text files a person wrote in it. Paths use '/' and begin at the root.</summary>
internal static class Repository
{
    public const string Solution = "Inspection.Actors.sln";

    private static readonly string[] NotWritten = ["bin", "obj", "artifacts", "TestResults", ".git", ".vs"];

    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".proto", ".json", ".yaml", ".yml", ".hocon", ".md", ".sh", ".html", ".css", ".js", ".sln", ".txt", ""];

    public static string Root { get; } = FindRoot();

    /// <summary>"Debug" or "Release": the configuration these tests were built in, and so the one to look for.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string FullPath(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(FullPath(path));

    /// <summary>Text files below a folder ("" for all of the repository), in a fixed order; never build output.</summary>
    public static IReadOnlyList<string> TextFiles(string folder, params string[] extensions) =>
        [.. Walk(new DirectoryInfo(FullPath(folder)))
            .Where(f => (extensions.Length == 0 ? TextExtensions : extensions).Contains(f.Extension))
            .Select(f => Path.GetRelativePath(Root, f.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>Files of a folder that must not be empty, or a rule about them would hold without being checked.</summary>
    public static IReadOnlyList<string> SomeTextFiles(string folder, params string[] extensions)
    {
        var files = TextFiles(folder, extensions);
        Assert.True(files.Count > 0, $"no {string.Join(", ", extensions)} file below {FullPath(folder)}: this rule would check nothing");
        return files;
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.Exists
        ? folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !NotWritten.Contains(d.Name)).SelectMany(Walk))
        : [];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds {Solution}: run these tests from a checkout");
    }
}
