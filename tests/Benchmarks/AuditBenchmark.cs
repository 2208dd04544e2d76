using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Benchmarks.Rig;
using Inspection.Protocol;

namespace Inspection.Benchmarks;

/// <summary>
/// A bundle of three million records, a million decisions, verified with both keys, and replayed at R0: seconds, memory, and the ratio to one SHA-256 over the same bytes in
/// the same run.
/// </summary>
internal static class AuditBenchmark
{
    /// <summary>Of them a million decisions.</summary>
    private const int Records = 3_000_016;
    private const int Lines = 4;

    public static Task<Report> RunAsync()
    {
        var report = new Report("An audit of a million decisions", "./dev bench audit");
        var folder = Directory.CreateTempSubdirectory("inspection-audit-").FullName;
        try
        {
            using var key = NoteSigner.Open("plant.example/log", NoteKeyKind.Ed25519, NoteSigner.NewKey());
            using var witness = NoteSigner.Open("witness.example/w1", NoteKeyKind.Cosignature, NoteSigner.NewKey());
            var bundle = Path.Combine(folder, "bundle");
            _ = BundleExporter.Export(new LongStory(Lines, Records / Lines, key, witness), bundle, "bench", ExportFilter.Everything, TimeProvider.System);
            Measure(report, bundle, new LogTrust([key.Verifier], [witness.Verifier], []));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.FromResult(report);
    }

    private static void Measure(Report report, string bundle, LogTrust trust)
    {
        GC.Collect();
        var hashed = Stopwatch.StartNew();
        var bytes = Directory.GetFiles(bundle, "*.records", SearchOption.AllDirectories).Sum(Hash);
        hashed.Stop();

        var clock = Stopwatch.StartNew();
        using var reader = BundleReader.Open(bundle);
        var verified = JournalVerifier.Verify(reader, trust);
        clock.Stop();
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        report.Add("records", verified.Lines.Sum(l => l.Records), $"in {bytes / 1048576} MiB; log: {verified.Log!.Leaves} leaves, {verified.Log.Checkpoints} checkpoints, each with two signatures");
        report.Bound("findings in it", verified.FindingCount, "", "exactly 0", verified.FindingCount == 0);
        report.Bound("verified in", clock.Elapsed.TotalSeconds, "s", "at most 60", clock.Elapsed.TotalSeconds <= 60);
        report.Bound("peak memory of the process, making of the bundle included", peak, "MiB", "below 512", peak < 512);
        report.Add("over one SHA-256 of the same bytes", clock.Elapsed / hashed.Elapsed, "x");

        clock.Restart();
        var replay = ReplayR0.Run(reader, new JournalPolicies());
        report.Add("verdicts derived again at R0", replay.Compared, FormattableString.Invariant($"in {clock.Elapsed.TotalSeconds:0.0} s"));
        report.Bound("differences", replay.DifferenceCount, "", "exactly 0", replay is { DifferenceCount: 0, Findings.Count: 0 });
    }

    private static long Hash(string file)
    {
        using var stream = File.OpenRead(file);
        _ = SHA256.HashData(stream);
        return stream.Length;
    }
}
