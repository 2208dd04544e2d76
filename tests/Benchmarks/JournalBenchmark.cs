using System.Globalization;
using Inspection.Audit.Journals;
using Inspection.Benchmarks.Rig;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Tests.Support;

namespace Inspection.Benchmarks;

/// <summary>
/// Records a second with the product's hash chain and the plant's log beside it, over those of the persistence plugin alone that stores equal
/// bytes in equal batches; and a bulk insert by the driver. In a round every arm has a fresh journal, and they write short slices in turn: what
/// else runs on the machine hits one as the other.
/// </summary>
internal static class JournalBenchmark
{
    private const int Rounds = 3;
    private const int SlicesARound = 7;
    private const int LeadIn = 8;
    private const int Counted = 40;
    private const double LeastRatio = 0.90;

    private enum Arm
    {
        Plugin,
        Chain,
        Product,
        Raw,
    }

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Records a second: chain and log over the persistence plugin alone", "./dev bench journal");
        using var work = new Workspace();
        var load = new JournalLoad(LeadIn, Counted);
        await MeasureAsync(report, "SQLite", load, work, state => Task.FromResult<JournalPlan>(new JournalPlan.Sqlite(Path.Combine(state, "journal.sqlite"))));
        if (await ServerAsync(report) is { } server)
        {
            await using (server)
            {
                await MeasureAsync(report, "PostgreSQL", load, work, async state => new JournalPlan.Postgres(new PostgresAddress(await server.NewDatabaseAsync(Path.GetFileName(state)))));
            }
        }

        var bytes = load.Rows.Average(r => r.Bytes.Length);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{Rounds} rounds of {SlicesARound} slices an arm, in turn, forwards and backwards; the first round begins with one more that is not counted; a slice: {load.Counted} conclusions with evidence of {bytes:0} stored bytes, {JournalFiller.Batch} a batch, one in flight, after {load.LeadIn}"));
        report.Note("plugin alone and product both encode each event with the product's codec and store equal bytes: the chain (two SHA-256 a record) and the log differ. The bulk insert takes rows sealed before");
        report.Note("a line of a plant writes 50 batches a second at most; here the next goes as soon as the last is committed, and the log is built without a pause");
        return report;
    }

    private static async Task<PostgresServer?> ServerAsync(Report report)
    {
        try
        {
            return await PostgresServer.StartAsync();
        }
        catch (InvalidOperationException e)
        {
            report.Note($"PostgreSQL was NOT measured, there is none here: {e.Message}");
            return null;
        }
    }

    private static async Task MeasureAsync(Report report, string store, JournalLoad load, Workspace work, Func<string, Task<JournalPlan>> journal)
    {
        var slices = Enum.GetValues<Arm>().ToDictionary(a => a, _ => new List<JournalSlice>());
        for (var round = 1; round <= Rounds; round++)
        {
            var arms = new Dictionary<Arm, IJournalArm>();
            try
            {
                foreach (var arm in slices.Keys)
                {
                    var state = Directory.CreateDirectory(work[$"{store}_{arm}_{round}".ToLowerInvariant()]).FullName;
                    arms[arm] = await StartAsync(arm, await journal(state), state, load);
                }

                await RoundAsync(store, round, load, arms, slices);
            }
            finally
            {
                foreach (var arm in arms.Values)
                {
                    await arm.DisposeAsync();
                }
            }
        }

        Tell(report, store, load, slices);
    }

    private static async Task RoundAsync(string store, int round, JournalLoad load, Dictionary<Arm, IJournalArm> arms, Dictionary<Arm, List<JournalSlice>> slices)
    {
        for (var i = round == 1 ? -1 : 0; i < SlicesARound; i++) // the very first is not counted: it compiles the code
        {
            foreach (var arm in i % 2 == 0 ? slices.Keys : slices.Keys.Reverse())
            {
                var slice = await arms[arm].WriteAsync();
                if (i >= 0)
                {
                    slices[arm].Add(slice);
                }
            }

            if (i < 0)
            {
                continue;
            }

            var (plugin, product) = (slices[Arm.Plugin][^1].Bytes, slices[Arm.Product][^1].Bytes);
            if (plugin != product)
            {
                throw new InvalidOperationException($"the plugin alone stored {plugin} bytes, the product {product}: their figures are not to be compared");
            }

            System.Console.Error.WriteLine($"{store}, round {round} of {Rounds}, slice {i + 1} of {SlicesARound}, records a second: {string.Join(", ", slices.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {load.Counted / s.Value[^1].Seconds:0}")))}");
        }

        ((JournalArm)arms[Arm.Product]).Check();
    }

    private static Task<IJournalArm> StartAsync(Arm arm, JournalPlan journal, string state, JournalLoad load) => arm == Arm.Raw
        ? RawRows.StartAsync(journal, load)
        : JournalArm.StartAsync(journal, state, load, chained: arm != Arm.Plugin, logged: arm == Arm.Product);

    private static void Tell(Report report, string store, JournalLoad load, Dictionary<Arm, List<JournalSlice>> slices)
    {
        var ratios = Ratios(Arm.Product, Arm.Plugin);
        var ratio = At(0.5, ratios);
        report.Bound($"{store}: product over plugin alone, median of {ratios.Count} pairs", ratio, "", $"at least {LeastRatio:0.00}", ratio >= LeastRatio);
        report.Add("  lower and", At(0.25, ratios), "");
        report.Add("  upper quartile of the pairs", At(0.75, ratios), "");
        report.Add("  ratio of medians", Rate(Arm.Product) / Rate(Arm.Plugin), "");
        report.Add("  chain without log over plugin alone, median", At(0.5, Ratios(Arm.Chain, Arm.Plugin)), "");
        report.Add("  bulk insert over plugin alone, median", At(0.5, Ratios(Arm.Raw, Arm.Plugin)), "");
        report.Add("  product over bulk insert, median", At(0.5, Ratios(Arm.Product, Arm.Raw)), "");
        foreach (var (arm, name) in new[] { (Arm.Plugin, "plugin alone"), (Arm.Chain, "with the chain"), (Arm.Product, "product: chain and log"), (Arm.Raw, "bulk insert") })
        {
            var cpu = At(0.5, slices[arm].Select(s => 1e6 * s.CpuSeconds / load.Counted));
            var batches = slices[arm].SelectMany(s => s.Batches).ToList();
            var latency = batches.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; a batch {1000 * At(0.5, batches):0.0} ms, p99 {1000 * At(0.99, batches):0} ms");
            report.Add($"  {name}", Rate(arm), string.Create(CultureInfo.InvariantCulture, $"records/s; CPU {cpu:0.0} us a record{latency}"));
        }

        report.Add("  all is signed after the last commit, median", At(0.5, slices[Arm.Product].Select(s => s.SignedAfter)), "s");

        double Rate(Arm arm) => load.Counted / At(0.5, slices[arm].Select(s => s.Seconds));

        List<double> Ratios(Arm over, Arm under) => [.. slices[over].Zip(slices[under], (o, u) => u.Seconds / o.Seconds)];
    }

    private static double At(double share, IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(share * (sorted.Count - 1))];
    }
}
