namespace Inspection.Vision.Tests;

/// <summary>Finds the shared data sets and conformance files; they are never copied into the repository.</summary>
internal static class SharedData
{
    public static string Folder(string relative)
    {
        var root = Environment.GetEnvironmentVariable("INSPECTION_SHARED") ?? Path.Combine(RepositoryRoot(), "..", "shared");
        var folder = Path.GetFullPath(Path.Combine(root, relative));
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{folder} is missing: put the shared data beside the repository or set INSPECTION_SHARED to its folder");
    }

    private static string RepositoryRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Inspection.Actors.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Inspection.Actors.sln: run the tests from a checkout");
    }
}
