using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Inspection.Benchmarks;

/// <summary>A benchmark's figures, in the order they are printed. A figure with a bound says whether it holds; no figure is made up.</summary>
internal sealed class Report(string title, string command)
{
    private readonly List<(string Name, object Value, string Bound)> _rows = [];

    public void Add(string name, double value, string unit, string bound = "") =>
        _rows.Add((name, Math.Round(value, 4), bound.Length == 0 ? unit : $"{unit}  ({bound})"));

    public void Print(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine(title);
        to.WriteLine($"{command}; {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        foreach (var (name, value, bound) in _rows)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-58}{value,12:0.####} {bound}"));
        }
    }

    public void Write(string folder, string name)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(
            new { title, command, cores = Environment.ProcessorCount, runtime = RuntimeInformation.FrameworkDescription, figures = _rows.ToDictionary(r => r.Name, r => r.Value) },
            new JsonSerializerOptions { WriteIndented = true }));
    }
}
