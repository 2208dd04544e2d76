using System.Text;

namespace Inspection.Audit.Transparency;

/// <summary>Keys of logs and witnesses in files: the private one as PKCS#8 PEM, its verifier key as one line of text beside it (.pub).</summary>
public static class NoteKeyFile
{
    private const int MostBytes = 1 << 16;

    public static string PublicPath(string path) => path + ".pub";

    /// <exception cref="NoteException">No such file, not readable, or no key; says what to do.</exception>
    public static NoteSigner Open(string path, string name, NoteKeyKind kind) => File.Exists(path)
        ? NoteSigner.Open(name, kind, Read(path))
        : throw new NoteException($"there is no private key at {path}: make one with `inspection audit new-key --name {name} --out {path}`");

    /// <summary>As <see cref="Open"/>, and makes the key where there is none: readable for its owner only.</summary>
    /// <exception cref="NoteException">Not readable or not writable.</exception>
    public static NoteSigner OpenOrCreate(string path, string name, NoteKeyKind kind)
    {
        if (!File.Exists(path))
        {
            _ = Create(path, name, kind);
        }

        return Open(path, name, kind);
    }

    /// <exception cref="NoteException">A file is there, or it cannot be written.</exception>
    public static NoteVerifier Create(string path, string name, NoteKeyKind kind)
    {
        try
        {
            var pem = NoteSigner.NewKey();
            using var signer = NoteSigner.Open(name, kind, pem);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(path, options))
            {
                file.Write(pem);
            }

            File.WriteAllText(PublicPath(path), $"{signer.Verifier}\n");
            return signer.Verifier;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NoteException($"the key {path} cannot be written: {e.Message}; a key that is there is never replaced");
        }
    }

    /// <summary>The verifier keys of a file: one a line; lines that are empty or begin with '#' are passed over.</summary>
    /// <param name="kind">What they must be.</param>
    /// <exception cref="NoteException">No such file, no key in it, or one of another kind.</exception>
    public static IReadOnlyList<NoteVerifier> Verifiers(string path, NoteKeyKind kind)
    {
        var lines = Encoding.UTF8.GetString(Read(path)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToList();
        if (lines is [])
        {
            throw new NoteException($"{path} holds no verifier key: one a line, NAME+ID+KEY");
        }

        var keys = lines.Select(l => Parse(path, l)).ToList();
        return keys.Find(k => k.Kind != kind) is { } other
            ? throw new NoteException($"{path}: {other.Name} is a key {(other.Kind == NoteKeyKind.Cosignature ? "of a witness" : "of a log")}, and one {(kind == NoteKeyKind.Cosignature ? "of a witness" : "of a log")} is needed here")
            : keys;
    }

    private static NoteVerifier Parse(string path, string line)
    {
        try
        {
            return NoteVerifier.Parse(line);
        }
        catch (NoteException e)
        {
            throw new NoteException($"{path}: {e.Message}");
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return SmallFile.Read(path, MostBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NoteException($"the key '{path}' cannot be read: {e.Message}; give the file that `inspection audit new-key` wrote");
        }
    }
}
