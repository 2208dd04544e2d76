using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Inspection.Benchmarks;

/// <summary>A benchmark's figures, in the order they are printed. A bounded figure says whether its bound holds; no figure is made up.</summary>
internal sealed class Report(string title, string command)
{
    private readonly List<Row> _rows = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, object> _keys = [];

    /// <summary>False when a bounded figure misses its bound: the program then ends with 1.</summary>
    public bool Holds => _rows.TrueForAll(r => r.Holds ?? true);

    public void Add(string name, double value, string unit) => _rows.Add(new Row(name, Math.Round(value, 4), unit, null, null));

    /// <param name="bound">In words, for instance "at least 0.90".</param>
    public void Bound(string name, double value, string unit, string bound, bool holds) => _rows.Add(new Row(name, Math.Round(value, 4), unit, bound, holds));

    /// <summary>What the figures above it mean, or what was found beside them.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>A key of its own in the JSON file, for those who read it with a program.</summary>
    public void Key(string name, object value) => _keys[name] = value;

    public void Print(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine(title);
        to.WriteLine($"{command}; {Environment.ProcessorCount} cores, {Machine.Processor}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        foreach (var row in _rows)
        {
            var verdict = row.Holds switch { null => "", true => $"  ({row.Bound}: holds)", false => $"  ({row.Bound}: DOES NOT HOLD)" };
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {row.Name,-62}{row.Value,12:0.####} {row.Unit}{verdict}"));
        }

        foreach (var note in _notes)
        {
            to.WriteLine($"  {note}");
        }
    }

    public void Write(string folder, string name)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}.json");
        var content = new Dictionary<string, object>(_keys)
        {
            ["title"] = title,
            ["command"] = command,
            ["cores"] = Environment.ProcessorCount,
            ["processor"] = Machine.Processor,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["holds"] = Holds,
            ["figures"] = _rows.Select(r => new { name = r.Name, value = r.Value, unit = r.Unit, bound = r.Bound, holds = r.Holds }),
            ["notes"] = _notes,
        };
        File.WriteAllText(file, JsonSerializer.Serialize(content, new JsonSerializerOptions { WriteIndented = true, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals }));
    }

    private sealed record Row(string Name, double Value, string Unit, string? Bound, bool? Holds);
}
