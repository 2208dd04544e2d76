namespace Inspection.Benchmarks;

/// <summary>What the operating system says of this machine and of this process.</summary>
internal static class Machine
{
    public static string Processor { get; } = Field("/proc/cpuinfo", "model name") ?? "unknown processor";

    /// <summary>Memory of this process that is in RAM, in MiB.</summary>
    public static double ResidentMegabytes => Environment.WorkingSet / 1048576.0;

    /// <summary>The machine's load average of the last minute; NaN where the system does not tell.</summary>
    public static double Load => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
        : double.NaN;

    private static string? Field(string file, string key) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;
}
