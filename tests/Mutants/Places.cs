namespace Inspection.Mutants.Tests;

/// <summary>Where things lie: the checkout, the core's source, the runner as it was built in the configuration of these tests.</summary>
internal static class Places
{
    public static string Root { get; } = FindRoot();

    public static string CoreFolder { get; } = Path.Combine(Root, "src", "Decisions");

    /// <summary>The runner with the simulator, the core and what they need.</summary>
    public static string RunnerFolder { get; } = Path.Combine(Root, "tests", "Mutants", "Runner", "bin", Configuration, "net10.0");

    public const string RunnerFile = "Inspection.Mutants.Runner.dll";

    public const string CoreFile = "Inspection.Decisions.dll";

    /// <summary>The program that runs .NET assemblies, of the runtime that runs these tests.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    public static string Results(string file) => Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts", "test", "Mutants")).FullName, file);

    /// <summary>"Debug" or "Release": the folder above this assembly's.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no folder above '{AppContext.BaseDirectory}' holds Inspection.Actors.sln: run these tests from a checkout");
    }
}
