using System.Globalization;
using Inspection.Benchmarks.Rig;
using Inspection.Embedded;

namespace Inspection.Benchmarks;

/// <summary>
/// Managed bytes a frame. From camera to evidence: the real camera graph, dispatcher and detectors with a model that computes nothing, no
/// ledger and no journal. Everything the process allocates between two frames counts, whichever thread did it.
/// </summary>
internal static class AllocationBenchmark
{
    private const int FrameSide = 160;
    private const int TensorSide = 128;
    private const int WarmUp = 10_000;
    private const int Counted = 50_000;
    private const int WithJournal = 3_000;
    private const int FirstNamed = 1_000;
    private const int MostBytes = 256;

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Managed bytes a frame, null model", "./dev bench allocation");
        using var work = new Workspace();
        NullPackage.Write(work["null"], TensorSide);
        var models = PackageModels.Load(work["null"], null);
        var frames = new Frames(FrameSide, 16);
        foreach (var detectors in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            var bytes = await ToEvidenceAsync(models, frames, detectors);
            report.Bound($"camera to evidence, {detectors} detectors", bytes, "bytes a frame", $"at most {MostBytes}", bytes <= MostBytes);
        }

        report.Add("of them the evidence itself (the record and the command around it)", EvidenceBytes(), "bytes a frame");
        report.Add("with ledger, journal and gate (embedded, one view a part)", await WithJournalAsync(work, frames), "bytes a frame");
        var names = await NamesAsync(each => NodeWithoutJournal.RunAsync(models, frames, WarmUp + Counted, 1, each));
        var journalNames = await NamesAsync(each => BenchPlant.RunAsync(work["null"], work["named"], frames, WithJournal, Environment.ProcessorCount, each));
        report.Note($"difference of GC.GetTotalAllocatedBytes between frame {WarmUp} and frame {WarmUp + Counted}");
        report.Note($"to evidence, by the runtime's own allocation samples over all threads: {names}");
        report.Note($"with journal, likewise: {journalNames}");
        return report;
    }

    private static async Task<double> ToEvidenceAsync(Vision.Work.LineModels models, Frames frames, int detectors)
    {
        long before = 0, after = 0;
        await NodeWithoutJournal.RunAsync(models, frames, WarmUp + Counted, detectors, seen =>
        {
            switch (seen)
            {
                case WarmUp:
                    before = GC.GetTotalAllocatedBytes(precise: true);
                    break;
                case WarmUp + Counted:
                    after = GC.GetTotalAllocatedBytes(precise: true);
                    break;
            }
        });
        return (after - before) / (double)Counted;
    }

    /// <summary>What a frame's way may not cost: measured by making one ticket's evidence over and over.</summary>
    private static double EvidenceBytes()
    {
        const int times = 10_000;
        var ticket = new Vision.Work.FrameTicket();
        var camera = new Protocol.CameraId("camera");
        var sink = new object?[1];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            sink[0] = new Protocol.LineCommands.SubmitEvidence(ticket.Key, ticket.ToEvidence(camera));
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
    }

    /// <summary>The runtime hands its events on a little late: enough frames follow that none of the last ones are missed.</summary>
    private static async Task<string> NamesAsync(Func<Action<long>, Task> run)
    {
        using var listener = new AllocationSampler();
        await run(seen => listener.Listens = seen >= FirstNamed);
        listener.Listens = false;
        var total = Math.Max(1, listener.Types.Values.Sum());
        return string.Join(", ", listener.Types.OrderByDescending(t => t.Value).Take(10)
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {100.0 * t.Value / total:0} %")));
    }

    private static async Task<double> WithJournalAsync(Workspace work, Frames frames)
    {
        const int warmUp = WithJournal / 3;
        long before = 0, after = 0;
        await BenchPlant.RunAsync(work["null"], work["plant"], frames, WithJournal, Environment.ProcessorCount, handed =>
        {
            switch (handed)
            {
                case warmUp:
                    before = GC.GetTotalAllocatedBytes(precise: true);
                    break;
                case WithJournal - 1:
                    after = GC.GetTotalAllocatedBytes(precise: true);
                    break;
            }
        });
        return (after - before) / (double)(WithJournal - 1 - warmUp);
    }
}
