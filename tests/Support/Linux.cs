using System.Runtime.InteropServices;

namespace Inspection.Tests.Support;

public enum Signal
{
    Int = 2,
    Kill = 9,
    Term = 15,
    Cont = 18,
    Stop = 19,
}

/// <summary>The few system calls the tests need and .NET lacks.</summary>
public static class Linux
{
    private const ulong ReadOnlyFlag = 1, RemountFlag = 32;

    public static void Send(int process, Signal signal) => Check(kill(process, (int)signal), $"kill({process}, {signal})");

    /// <summary>A file system of its own with so many bytes. Needs root: fails with the reason otherwise.</summary>
    public static void MountTmpfs(string folder, int bytes) =>
        Check(mount("tmpfs", folder, "tmpfs", 0, $"size={bytes}"), $"mount a tmpfs at {folder} (this test needs root and the right to mount)");

    public static void RemountReadOnly(string folder) =>
        Check(mount("tmpfs", folder, "tmpfs", ReadOnlyFlag | RemountFlag, ""), $"remount {folder} read-only");

    public static void Unmount(string folder) => Check(umount2(folder, 0), $"umount {folder}");

    /// <summary>The most memory the process ever held, from /proc; 0 where it has ended.</summary>
    public static long PeakResidentBytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public static void MakePipe(string path) => Check(mkfifo(path, 0x180), $"mkfifo {path}");

    /// <summary>A second name of a file, on the same file system.</summary>
    public static void Link(string file, string name) => Check(link(file, name), $"link {file} {name}");

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int link(string file, string name);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkfifo(string path, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int mount(string source, string target, string type, ulong flags, string data);

    [DllImport("libc", SetLastError = true)]
    private static extern int umount2(string target, int flags);
}
