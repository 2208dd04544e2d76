using Inspection.Benchmarks;

// each benchmark prints a table and writes NAME.json; figures are ratios or differences of one run
var known = new Dictionary<string, Func<Task<Report>>>(StringComparer.Ordinal)
{
    ["path"] = PathBenchmark.RunAsync,
    ["allocation"] = AllocationBenchmark.RunAsync,
    ["tensor"] = TensorBenchmark.RunAsync,
    ["plane"] = PlaneBenchmark.RunAsync,
    ["gpu"] = GpuBenchmark.RunAsync,
    ["memory"] = MemoryBenchmark.RunAsync,
    ["audit"] = AuditBenchmark.RunAsync,
    ["journal"] = JournalBenchmark.RunAsync,
    ["quality"] = QualityBenchmark.RunAsync,
    ["failover"] = FailoverBenchmark.RunAsync,
    ["scale"] = ScaleBenchmark.RunAsync,
    ["goodput"] = GoodputBenchmark.RunAsync,
};
var folder = args is ["--out", var given, ..] ? given : Path.Combine("artifacts", "bench");
var rest = args is ["--out", _, ..] ? args[2..] : args;

// quality fits twenty models, failover and scale run plants of many processes, journal writes a million records, goodput runs dozens of short
// shifts: minutes to a quarter of an hour each, only when asked for
string[] names = rest.Length == 0 ? [.. known.Keys.Except(["quality", "failover", "scale", "journal", "goodput"])] : rest;
if (names.FirstOrDefault(n => !known.ContainsKey(n)) is { } unknown)
{
    Console.Error.WriteLine($"error: there is no benchmark '{unknown}'; known: {string.Join(", ", known.Keys)}");
    return 2;
}

var holds = true;
foreach (var name in names)
{
    var report = await known[name]();
    report.Print(Console.Out);
    report.Write(folder, name);
    holds &= report.Holds;
}

return holds ? 0 : 1;
