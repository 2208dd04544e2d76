namespace Inspection.Tests.Support;

/// <summary>Where things lie: the checkout, the executable of the same configuration as these tests, the shared data.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>bin/CONFIGURATION/net10.0 of this assembly names the configuration.</summary>
    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Executable
    {
        get
        {
            var path = Path.Combine(Root, "src", "Nodes", "Inspection", "bin", Configuration, "net10.0", "inspection");
            return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build src/Nodes/Inspection with -c {Configuration}");
        }
    }

    /// <summary>A folder of the shared data beside the checkout, or where INSPECTION_SHARED points. A test that needs it fails without it.</summary>
    public static string Shared(string relative)
    {
        var shared = Environment.GetEnvironmentVariable("INSPECTION_SHARED") is { Length: > 0 } set ? set : Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        var folder = Path.Combine(shared, relative);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"'{folder}' is missing: this test reads shared data there (set INSPECTION_SHARED to the folder that holds '{relative}')");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above '{AppContext.BaseDirectory}' holds Inspection.Actors.sln");
    }
}
