namespace Inspection.Vision.Cameras;

/// <summary>Paths of image folders, and of parts within them.</summary>
internal static class FolderPath
{
    /// <summary>The full path of an existing folder, without a separator at its end.</summary>
    public static string Require(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new CameraSetupException("no image folder is named; name one that holds PNG, JPEG, BMP or TIFF files");
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full))
        {
            throw new CameraSetupException($"{full} is a file, not a folder; name the folder that holds the images");
        }

        return Directory.Exists(full)
            ? full
            : throw new CameraSetupException($"the image folder {full} does not exist; create it or correct the path (it was given as '{folder}')");
    }

    /// <summary>
    /// The file of a part, or null where the id is no plain relative path: absolute, empty, with '.', '..' or empty steps, or with a
    /// character no path may hold. An id so can only name what lies below the folder.
    /// </summary>
    public static string? Resolve(string folder, string externalId)
    {
        if (externalId.Length == 0 || externalId.Contains('\0') || Path.IsPathRooted(externalId))
        {
            return null;
        }

        foreach (var step in externalId.Split('/', Path.DirectorySeparatorChar))
        {
            if (step is "" or "." or "..")
            {
                return null;
            }
        }

        return Path.Combine(folder, externalId.Replace('/', Path.DirectorySeparatorChar));
    }
}
