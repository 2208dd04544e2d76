namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>Runs `inspection audit` on what may be anything: with little memory, and an eye on how much it takes.</summary>
internal static class Auditor
{
    /// <summary>A 100 GB file is far above, and so is one that is held whole by accident.</summary>
    public const long Hundred = 100L << 30;

    private const long MostMemory = 512L << 20;

    /// <summary>.NET ends a process that wants more for its objects, so that no short peak goes unseen.</summary>
    private static readonly Dictionary<string, string> SmallHeap = new() { ["DOTNET_GCHeapHardLimit"] = $"{MostMemory / 2:x}" };

    public static async Task<Ended> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = InspectionProcess.Start(SmallHeap, ["audit", .. arguments]);
        var peak = 0L;
        _ = await process.UntilAsync(
            () =>
            {
                peak = Math.Max(peak, Linux.PeakResidentBytes(process.Id));
                return process.HasExited;
            },
            exited => exited,
            "it ends");
        var ended = await process.EndAsync();
        Assert.True(peak <= MostMemory, $"took {peak >> 20} MiB: {ended}");
        return ended;
    }

    /// <summary>Exit code 2, nothing on standard output, and one line that says each of the words and shows no control character.</summary>
    public static async Task RefusesAsync(string[] words, params IEnumerable<string> arguments)
    {
        var ended = (await RunAsync(arguments)).Expect(2).Says(words);
        Assert.True(ended.Out.Length == 0, $"nothing was audited: {ended}");
        Assert.StartsWith("error: ", ended.Error, StringComparison.Ordinal);
        Assert.True(ended.Error.IndexOf('\n', StringComparison.Ordinal) == ended.Error.Length - 1, $"one line: {ended}");
        Assert.DoesNotContain(ended.Error[..^1], char.IsControl);
        Assert.True(ended.Error.Length < 2000, $"for people to read: {ended}");
    }

    /// <summary>Exit code 1 and these words in its answer or on standard error.</summary>
    public static async Task FindsAsync(string[] words, params IEnumerable<string> arguments)
    {
        var ended = (await RunAsync(arguments)).Expect(1).Says();
        foreach (var word in words)
        {
            Assert.True((ended.Out + ended.Error).Contains(word, StringComparison.Ordinal), $"should say '{word}': {ended}");
        }
    }

    /// <summary>So many zeros that take no room on the disk.</summary>
    public static void Zeros(string file, long bytes)
    {
        using var sparse = new FileStream(file, FileMode.Create, FileAccess.Write);
        sparse.SetLength(bytes);
    }
}
