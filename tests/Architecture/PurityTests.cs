namespace Inspection.Architecture.Tests;

/// <summary>Design, section 2: Protocol has no logic and Decisions is a pure core, Step(state, input) -> (state, effects). No I/O, no clock.</summary>
public sealed class PurityTests
{
    /// <summary>The wire form and its compiler; whatever else they need is in .NET itself.</summary>
    private static readonly string[] AllowedPackages = ["Google.Protobuf", "Grpc.Tools"];

    private static readonly string[] AssembliesThatDoWork =
        ["System.Net", "System.IO.Pipes", "System.IO.FileSystem", "System.Console", "System.Data", "System.Diagnostics.Process", "Microsoft.", "Akka"];

    private static readonly string[] TypesThatReachOutside =
    [
        "System.Console", "System.Environment", "System.TimeProvider", "System.Random", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.Path",
        "System.Threading.Thread", "System.Threading.Timer", "System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask",
    ];

    private static readonly string[] MembersThatReachOutside =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Security.Cryptography.RandomNumberGenerator.GetBytes", "System.Security.Cryptography.RandomNumberGenerator.Fill",
    ];

    public static TheoryData<string> PureProjects => ["Inspection.Protocol", "Inspection.Decisions"];

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void The_core_takes_no_package_that_does_work(string name) =>
        Assert.Empty(Project(name).Packages.Except(AllowedPackages));

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void The_core_uses_no_assembly_that_does_work(string name) =>
        Assert.DoesNotContain(
            CompiledAssembly.Of(Project(name)).Assemblies,
            a => AssembliesThatDoWork.Any(prefix => a.StartsWith(prefix, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void The_core_reads_no_clock_file_or_chance(string name)
    {
        var assembly = CompiledAssembly.Of(Project(name));
        Assert.Empty(assembly.Types.Intersect(TypesThatReachOutside));
        Assert.Empty(assembly.Members.Intersect(MembersThatReachOutside));
    }

    private static ProjectFile Project(string name) => ProjectFile.All.Single(p => p.Name == name);
}
