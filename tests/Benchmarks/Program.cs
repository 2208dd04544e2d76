using Inspection.Benchmarks;

// each benchmark prints a table and writes artifacts/bench/NAME.json; figures are ratios of one run
var known = new Dictionary<string, Func<Report>>(StringComparer.Ordinal)
{
    ["path"] = PathBenchmark.Run,
    ["allocation"] = AllocationBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
};
var folder = args is ["--out", var given, ..] ? given : Path.Combine("artifacts", "bench");
var rest = args is ["--out", _, ..] ? args[2..] : args;
var names = rest.Length == 0 ? [.. known.Keys] : rest;
if (names.FirstOrDefault(n => !known.ContainsKey(n)) is { } unknown)
{
    Console.Error.WriteLine($"error: there is no benchmark '{unknown}'; known: {string.Join(", ", known.Keys)}");
    return 2;
}

foreach (var name in names)
{
    var report = known[name]();
    report.Print(Console.Out);
    report.Write(folder, name);
}

return 0;
