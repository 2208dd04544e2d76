using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>
/// One mapping of a YAML file, read key by key. A key nobody asked for is an error that names the nearest known key, so a typing
/// mistake never becomes a silent default. Every error names file, line and key.
/// </summary>
internal sealed class YamlSection(string file, string path, YamlMappingNode node)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string Path => path;

    public bool Has(string key) => Find(key) is not null;

    public string Text(string key) => OptionalText(key) ?? throw Error(node, $"'{Full(key)}' is missing");

    public string? OptionalText(string key)
    {
        var value = Find(key);
        return value switch
        {
            null => null,
            YamlScalarNode { Value: { Length: > 0 } text } => text.Contains('\0') ? throw Error(value, $"'{Full(key)}' holds a NUL character, which no name, path or number has") : text,
            YamlScalarNode => throw Error(value, $"'{Full(key)}' is empty"),
            _ => throw Error(value, $"'{Full(key)}' must be a single value"),
        };
    }

    public T Parsed<T>(string key, T fallback, Func<string, T> parse, string allowed)
    {
        if (OptionalText(key) is not { } text)
        {
            return fallback;
        }

        try
        {
            return parse(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw Error(Find(key)!, $"'{Full(key)}: {text}' is not allowed: {allowed}");
        }
    }

    public T Name<T>(string key, Func<string, T> create)
    {
        var text = Text(key);
        try
        {
            return create(text);
        }
        catch (ArgumentException e)
        {
            throw Error(Find(key)!, $"'{Full(key)}': {e.Message.Split(" (Parameter")[0]}");
        }
    }

    public int Integer(string key, int fallback, int least, int most) => Parsed(
        key,
        fallback,
        t => int.Parse(t, NumberStyles.Integer, CultureInfo.InvariantCulture) is var v && v >= least && v <= most ? v : throw new FormatException(),
        $"a whole number from {least} to {most}");

    public double Number(string key, double fallback, double least, double most) => Parsed(
        key,
        fallback,
        t => double.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture) is var v && v >= least && v <= most ? v : throw new FormatException(),
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public T Choice<T>(string key, T fallback, params (string Word, T Value)[] choices) => Parsed(
        key,
        fallback,
        t => choices.FirstOrDefault(c => c.Word == t) is { Word: not null } found ? found.Value : throw new FormatException(),
        $"one of {string.Join(", ", choices.Select(c => c.Word))}");

    public TimeSpan? Duration(string key) => Parsed<TimeSpan?>(key, null, t => Durations.Parse(t), "a duration such as 500 ms, 2 s or 1 min");

    public YamlSection? Section(string key) => Find(key) switch
    {
        null => null,
        YamlMappingNode map => new YamlSection(file, Full(key), map),
        var other => throw Error(other, $"'{Full(key)}' must hold keys of its own"),
    };

    public IReadOnlyList<YamlSection> Sections(string key)
    {
        var value = Find(key) ?? throw Error(node, $"'{Full(key)}' is missing");
        if (value is not YamlSequenceNode { Children.Count: > 0 } list)
        {
            throw Error(value, $"'{Full(key)}' must be a list with at least one entry, each beginning with '-'");
        }

        return [.. list.Children.Select((child, i) => child is YamlMappingNode map
            ? new YamlSection(file, $"{Full(key)}[{i}]", map)
            : throw Error(child, $"'{Full(key)}[{i}]' must hold keys of its own"))];
    }

    /// <summary>A list of single values, at least one; also one text with commas, so that an environment variable can say it.</summary>
    public IReadOnlyList<T> Values<T>(string key, Func<string, T> parse, string allowed)
    {
        var value = Find(key) ?? throw Error(node, $"'{Full(key)}' is missing");
        var texts = value switch
        {
            YamlSequenceNode { Children.Count: > 0 } list => [.. list.Children.Select(c => (c as YamlScalarNode)?.Value ?? throw Error(c, $"'{Full(key)}' must be a list of single values"))],
            YamlScalarNode { Value: { Length: > 0 } text } => text.Split(',', StringSplitOptions.TrimEntries),
            _ => throw Error(value, $"'{Full(key)}' must be a list with at least one entry, each beginning with '-'"),
        };
        return [.. texts.Select((text, i) =>
        {
            try
            {
                return parse(text);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                throw Error(value, $"'{Full(key)}[{i}]: {text}' is not allowed: {allowed}");
            }
        })];
    }

    public IReadOnlyDictionary<string, string> Map(string key) => Section(key) is not { } section
        ? new Dictionary<string, string>()
        : section.Keys().ToDictionary(k => k, section.Text);

    /// <summary>Call last: whatever was not asked for is unknown.</summary>
    public void NoOtherKeys()
    {
        foreach (var key in node.Children.Keys.OfType<YamlScalarNode>())
        {
            if (!_known.Contains(key.Value ?? ""))
            {
                throw Error(key, $"unknown key '{Full(key.Value ?? "")}'; did you mean '{Nearest.Of(key.Value ?? "", _known)}'? Known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    public PlantException Wrong(string key, string what) => Error(Find(key) ?? node, $"'{Full(key)}': {what}");

    private IEnumerable<string> Keys() => node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "");

    private YamlNode? Find(string key)
    {
        _ = _known.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private PlantException Error(YamlNode at, string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {at.Start.Line}: {what}"));
}
