namespace Inspection.Tests.Support;

/// <summary>A folder of its own, deleted afterwards.</summary>
public sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("inspection-e2e-").FullName;

    public string this[string relative] => Path.Combine(Root, relative);

    public string File(string relative, string content)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(this[relative])!);
        System.IO.File.WriteAllText(this[relative], content);
        return this[relative];
    }

    /// <summary>A private copy of a folder, for tests that change it.</summary>
    public string Copy(string folder, string to)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(this[to], Path.GetRelativePath(folder, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
            System.IO.File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return this[to];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
