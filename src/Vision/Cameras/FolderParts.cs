namespace Inspection.Vision.Cameras;

/// <summary>
/// The images of a folder and the folders below it as parts (rule S3). The external id is the path relative to the folder, with '/', and
/// parts come in the ordinal order of their ids, so any machine offers the same order and a run resumes after any id, also one
/// whose file is gone. The list is taken once. Links to folders are followed, each real folder once.
/// </summary>
public sealed class FolderParts : IPartSource
{
    private const int MaxDepth = 32;
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"];
    private readonly List<string> _ids = [];

    /// <exception cref="CameraSetupException">The folder is missing, cannot be read, or holds no image.</exception>
    public FolderParts(string folder)
    {
        Folder = FolderPath.Require(folder);
        var otherFiles = new List<string>();
        try
        {
            Collect(new DirectoryInfo(Folder), "", RealPath(new DirectoryInfo(Folder), Folder), [], otherFiles, 0);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CameraSetupException($"the image folder {Folder} cannot be read: {e.Message}; give this user the right to read it", e);
        }

        if (_ids.Count == 0)
        {
            var saw = otherFiles.Count == 0 ? "it holds no files at all" : $"it holds {otherFiles.Count} other files, such as {string.Join(", ", otherFiles.Order(StringComparer.Ordinal).Take(3))}";
            throw new CameraSetupException($"no images in {Folder}: {saw}; parts are files that end in {string.Join(' ', Extensions)} (any case), in it or below it");
        }

        _ids.Sort(StringComparer.Ordinal);

        // names that are no UTF-8 can read alike; twice in the list, such an id would come after itself for ever
        _ids = [.. _ids.Distinct(StringComparer.Ordinal)];
    }

    public string Folder { get; }

    /// <summary>All parts, in order.</summary>
    public IReadOnlyList<string> Ids => _ids;

    public string? NextAfter(string externalId)
    {
        var next = IndexAfter(externalId);
        return next < _ids.Count ? _ids[next] : null;
    }

    public long? CountAfter(string externalId) => _ids.Count - IndexAfter(externalId);

    public static bool IsImageName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private int IndexAfter(string externalId)
    {
        var found = _ids.BinarySearch(externalId, StringComparer.Ordinal);
        return found < 0 ? ~found : found + 1;
    }

    private void Collect(DirectoryInfo folder, string prefix, string realPath, HashSet<string> visited, List<string> otherFiles, int depth)
    {
        if (depth > MaxDepth || !visited.Add(realPath))
        {
            return;
        }

        // real folders before links to them, each in ordinal order: the ids do not depend on the file system's own order
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.LinkTarget is not null).ThenBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo below)
            {
                Collect(below, $"{prefix}{below.Name}/", RealPath(below, Path.Combine(realPath, below.Name)), visited, otherFiles, depth + 1);
            }
            else if (IsImageName(entry.Name))
            {
                _ids.Add(prefix + entry.Name);
            }
            else
            {
                otherFiles.Add(prefix + entry.Name);
            }
        }
    }

    private static string RealPath(DirectoryInfo folder, string otherwise) => folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? otherwise;
}
