using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>
/// Looks at a file's YAML event by event before a tree is made of it: making one goes as deep as the file says, and an alias of an alias of an
/// alias is a small file that reads as a large one.
/// </summary>
internal sealed class YamlGuard(string file)
{
    /// <summary>In bytes: a plant of hundreds of lines has a tenth of it.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Levels of lists and maps; a plant file has seven.</summary>
    private const int MostLevels = 32;

    /// <summary>Values, each alias counted as all that it stands for.</summary>
    private const long MostValues = 200_000;

    private readonly Stack<Open> _open = new();
    private readonly Dictionary<string, long> _anchors = new(StringComparer.Ordinal);
    private long _values;

    /// <exception cref="PlantException">Too deep, too large, an alias of what holds it, or a key that is no single value.</exception>
    /// <exception cref="YamlException">No YAML.</exception>
    public void Check(string text)
    {
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case Scalar scalar:
                    Value(scalar.Start, scalar.Anchor, 1);
                    break;
                case AnchorAlias alias:
                    RefuseAsKey(alias.Start);
                    Value(alias.Start, AnchorName.Empty, Size(alias));
                    break;
                case MappingStart or SequenceStart:
                    Begin((NodeEvent)parser.Current);
                    break;
                case MappingEnd or SequenceEnd:
                    End();
                    break;
                default:
                    break; // streams, documents and comments hold no value
            }
        }
    }

    private void Begin(NodeEvent node)
    {
        RefuseAsKey(node.Start);
        if (_open.Count == MostLevels)
        {
            throw Wrong(node.Start, $"lists and maps in one another are more than {MostLevels} levels deep");
        }

        if (!node.Anchor.IsEmpty)
        {
            _ = _anchors.Remove(node.Anchor.Value); // known once it is closed
        }

        _open.Push(new Open(node.Start, node.Anchor, node is MappingStart, _values));
    }

    private void End()
    {
        var closed = _open.Pop();
        var size = _values - closed.Before;
        _values = closed.Before;
        Value(closed.Start, closed.Anchor, size + 1);
    }

    private void Value(Mark at, AnchorName anchor, long size)
    {
        _values += size;
        if (_values > MostValues)
        {
            throw Wrong(at, $"it stands for more than {MostValues} values, aliases counted as what they stand for");
        }

        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = size;
        }

        if (_open.TryPeek(out var parent))
        {
            parent.Children++;
        }
    }

    private long Size(AnchorAlias alias) => _anchors.TryGetValue(alias.Value.Value, out var size)
        ? size
        : throw Wrong(alias.Start, $"the alias '*{alias.Value}' stands for nothing that is complete before it");

    /// <summary>A key that is itself a list, a map or an alias.</summary>
    private void RefuseAsKey(Mark at)
    {
        if (_open.TryPeek(out var parent) && parent is { IsMap: true, Children: var children } && children % 2 == 0)
        {
            throw Wrong(at, "a key must be a single value");
        }
    }

    private PlantException Wrong(Mark at, string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file}, line {at.Line}: not YAML that is read here: {what}"));

    private sealed class Open(Mark start, AnchorName anchor, bool isMap, long before)
    {
        public Mark Start => start;

        public AnchorName Anchor => anchor;

        public bool IsMap => isMap;

        public long Before => before;

        public int Children { get; set; }
    }
}
