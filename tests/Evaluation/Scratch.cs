namespace Inspection.Evaluation.Tests;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("inspection-evaluation-").FullName;

    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>Writes a file of any content; a data set is opened without reading its pictures.</summary>
    public string File(string relative, string content = "picture")
    {
        var path = this[relative];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
