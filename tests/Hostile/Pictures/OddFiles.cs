using System.Runtime.InteropServices;
using System.Text;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>What a folder may hold under a picture's name besides a picture.</summary>
internal static class OddFiles
{
    private static readonly string[] Names =
    [
        "with space", "tab\there", "line\nbreak", "quote'\"`", "$(reboot)", "%s%n%x", "-rf", "semi;colon&and|pipe", "..", "...dots", "back\\slash", "nul-like\u0001\u001b[31m",
        "übergröße", "日本語", "emoji🙂", "e\u0301 combining", "\u202eRTL", "\u200bzero", "\ufeffbom", "\u2028line", "'; DROP TABLE journal; --", "<b>html", "{json: [", "a:b*c?d", "~", "CON",
        new string('x', 200), new string('é', 100),
    ];

    /// <summary>Neither begins or goes on with a character in UTF-8: names that differ in them read alike.</summary>
    private static readonly byte[] OddBytes = [0xFF, 0xFE];

    public static IEnumerable<Mutant> All(Original of, string spare)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            yield return new Mutant("odd name", $"-{Names[i]}{of.Extension}", of.Bytes, of);
        }

        foreach (var odd in OddBytes)
        {
            yield return new Mutant("name no UTF-8", of.Extension, null, of, path => Rename(path, of.Bytes, odd));
        }

        yield return new Mutant("link to a picture", of.Extension, null, of, path =>
        {
            File.WriteAllBytes(spare, of.Bytes);
            _ = File.CreateSymbolicLink(path, spare);
        });
        yield return new Mutant("link to nothing", of.Extension, null, null, path => _ = File.CreateSymbolicLink(path, spare + "-never-there"));
        yield return new Mutant("link to itself", of.Extension, null, null, path => _ = File.CreateSymbolicLink(path, path));
        yield return new Mutant("link to a device", of.Extension, null, null, path => _ = File.CreateSymbolicLink(path, "/dev/zero"));
        yield return new Mutant("link to a device", of.Extension, null, null, path => _ = File.CreateSymbolicLink(path, "/dev/null"));
        yield return new Mutant("pipe", of.Extension, null, null, Linux.MakePipe);
        yield return new Mutant("pipe", of.Extension, null, null, path =>
        {
            Linux.MakePipe(spare + ".pipe");
            _ = File.CreateSymbolicLink(path, spare + ".pipe");
        });
        foreach (var length in (long[])[1, 1 << 20, 100L << 20, 500L << 20, 3L << 30, 1L << 40])
        {
            yield return new Mutant("sparse", of.Extension, null, null, path => Sparse(path, [], length));
            yield return new Mutant("sparse behind a picture", of.Extension, null, null, path => Sparse(path, of.Bytes, of.Bytes.Length + length));
        }
    }

    /// <summary>Folders with a picture's name are no parts, what lies in them is; a link back up is followed once.</summary>
    public static void Folders(string folder)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, "empty-folder.png"));
        _ = File.CreateSymbolicLink(Path.Combine(folder, "way-back.jpg"), folder);
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "no picture");
    }

    /// <summary>What .NET cannot delete, because it cannot say its name.</summary>
    public static void Unmake(string folder)
    {
        foreach (var odd in OddBytes)
        {
            foreach (var extension in (string[])[".png", ".jpg"])
            {
                _ = unlink(Unreadable(folder, extension, odd));
            }
        }
    }

    private static byte[] Unreadable(string folder, string extension, byte odd) => [.. Encoding.UTF8.GetBytes(Path.Combine(folder, UnreadableName)), odd, .. Encoding.UTF8.GetBytes(extension), 0];

    private static void Sparse(string path, byte[] head, long length)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(head);
        file.SetLength(length);
    }

    /// <summary>Written under its name, then given one that is no UTF-8, which .NET shows as U+FFFD and cannot open.</summary>
    private static void Rename(string path, byte[] bytes, byte odd)
    {
        File.WriteAllBytes(path, bytes);
        Assert.Equal(0, rename([.. Encoding.UTF8.GetBytes(path), 0], Unreadable(Path.GetDirectoryName(path)!, Path.GetExtension(path), odd)));
    }

    public const string UnreadableName = "zz-no-utf8-";

    [DllImport("libc", SetLastError = true)]
    private static extern int rename(byte[] from, byte[] to);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlink(byte[] path);
}
