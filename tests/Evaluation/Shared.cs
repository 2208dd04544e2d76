namespace Inspection.Evaluation.Tests;

/// <summary>The shared data beside the checkout, or where INSPECTION_SHARED points. A test that needs it fails without it.</summary>
internal static class Shared
{
    public static string Folder(string relative)
    {
        var folder = Path.Combine(Root(), relative);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"'{folder}' is missing: this test reads shared data there (set INSPECTION_SHARED to the folder that holds '{relative}')");
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("INSPECTION_SHARED") is { Length: > 0 } set)
        {
            return set;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.Actors.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
            }
        }

        throw new DirectoryNotFoundException($"no folder above '{AppContext.BaseDirectory}' holds Inspection.Actors.sln: set INSPECTION_SHARED to the shared data");
    }
}
