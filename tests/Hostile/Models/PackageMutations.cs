using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Inspection.Hostile.Tests.Pictures;
using Inspection.Protocol;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Hostile.Tests.Models;

/// <summary>What can be done to a package. Where the model itself is changed its new digest goes into package.json, so that what lies behind that check is reached.</summary>
internal static partial class PackageMutations
{
    private static readonly string[] Values =
    [
        "0", "-1", "1", "1e999", "NaN", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "null", "true", "\"\"", "[]", "{}", "2147483647", "2147483648", "-2147483648", "99999999999999999999", "1e-45",
        "65536", "\"../../x\"", "\"none\"", "[[[[]]]]", "4096", "1000000", "0.5",
    ];

    private static readonly long[] Sizes = [0, 1, -1, 2, 7, 65_536, int.MaxValue, 1L << 33, long.MaxValue, long.MinValue];
    private static readonly string[] Operators = ["Identity", "Relu", "MatMul", "Loop", "If", "NonZero", "Tile", "ConstantOfShape", "Expand", "Resize", "Nothing", "Reshape", "Gather", "ReduceMin", "Softmax", "Conv"];

    /// <summary>Kind, and what to do in the folder of a copy.</summary>
    public static IEnumerable<(string Kind, Action<string> Change)> All(int seed, int rounds)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
        {
            var own = random.Next();
            yield return ("package.json: value", Text("package.json", own, Revalued));
            yield return ("package.json: lines", Text("package.json", own, Lines));
            yield return ("package.json: bytes", Bytes("package.json", own));
            yield return ("model.onnx: bytes", Bytes("model.onnx", own));
            yield return ("model.onnx: bytes, digest", folder =>
            {
                Bytes("model.onnx", own)(folder);
                Sign(folder);
            }
            );
            yield return ("model.onnx: graph", Graph(own));
            yield return ("model.onnx: weights", Weights(own));
            yield return ("vectors.json: value", Text("golden/vectors.json", own, Revalued));
            yield return ("vectors.json: bytes", Bytes("golden/vectors.json", own));
            yield return ("golden picture: bytes", Bytes("golden/0.png", own));
        }

        foreach (var (kind, change) in Files())
        {
            yield return (kind, change);
        }
    }

    private static IEnumerable<(string, Action<string>)> Files()
    {
        foreach (var file in (string[])["package.json", "model.onnx", "golden/vectors.json", "golden/0.png", "signature"])
        {
            Action<string> At(Action<string> change) => folder => change(Path.Combine(folder, file));
            yield return ("file missing", At(File.Delete));
            yield return ("file empty", At(p => File.WriteAllBytes(p, [])));
            yield return ("folder in its place", At(p =>
            {
                File.Delete(p);
                _ = Directory.CreateDirectory(p);
            }));
            yield return ("link to nothing", At(p => Link(p, "nowhere")));
            yield return ("link to itself", At(p => Link(p, p)));
            yield return ("link to a device", At(p => Link(p, "/dev/null")));
            yield return ("pipe", At(p =>
            {
                File.Delete(p);
                Linux.MakePipe(p);
            }));
            yield return ("zeros", At(p => File.WriteAllBytes(p, new byte[10_000])));
            yield return ("sparse, huge", At(p =>
            {
                using var large = new FileStream(p, FileMode.Open);
                large.SetLength((2L << 30) + 1);
            }));
            yield return ("deep JSON", At(p => File.WriteAllText(p, new string('[', 1_000_000))));
            yield return ("deep JSON", At(p => File.WriteAllText(p, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)))));
        }

        yield return ("a file more", folder => File.WriteAllText(Path.Combine(folder, "more.txt"), "x"));
        yield return ("deep protobuf", folder =>
        {
            // a graph within a node within a graph ...
            var graph = new byte[] { };
            for (var depth = 0; depth < 4_000; depth++)
            {
                graph = Nested(Nested(Nested(graph, 6), 5), 1);
            }

            File.WriteAllBytes(Path.Combine(folder, "model.onnx"), Nested(graph, 7));
            Sign(folder);
        }
        );
    }

    private static byte[] Nested(byte[] inner, int field)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(inner));
        }

        return bytes.ToArray();
    }

    private static void Link(string path, string to)
    {
        File.Delete(path);
        _ = File.CreateSymbolicLink(path, to);
    }

    private static Action<string> Bytes(string file, int seed) => folder =>
    {
        var (path, random) = (Path.Combine(folder, file), new Random(seed));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, random.Next(4) switch
        {
            0 => AnyFile.FlipBits(bytes, random),
            1 => AnyFile.Overwrite(bytes, random),
            2 => AnyFile.Shift(bytes, random),
            _ => AnyFile.Cut(bytes, random.Next(bytes.Length)),
        });
    };

    private static Action<string> Text(string file, int seed, Func<string, Random, string> change) => folder =>
    {
        var path = Path.Combine(folder, file);
        File.WriteAllText(path, change(File.ReadAllText(path), new Random(seed)));
    };

    private static string Revalued(string text, Random random)
    {
        var values = Value().Matches(text);
        var value = values[random.Next(values.Count)].Groups[1];
        return $"{text[..value.Index]}{random.Of(Values)}{text[(value.Index + value.Length)..]}";
    }

    private static string Lines(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        var at = random.Next(lines.Count);
        switch (random.Next(3))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[at]);
                break;
            default:
                lines[at] = lines[at].Replace("\":", "x\":", StringComparison.Ordinal);
                break;
        }

        return string.Join('\n', lines);
    }

    /// <summary>The graph's own meaning: names, operators, shapes, attributes, nodes lost, doubled or out of order.</summary>
    private static Action<string> Graph(int seed) => Model(seed, (model, random) =>
    {
        var nodes = model.Graph.Node;
        var node = nodes[random.Next(nodes.Count)];
        switch (random.Next(8))
        {
            case 0:
                nodes.RemoveAt(random.Next(nodes.Count));
                break;
            case 1:
                node.OpType = random.Of(Operators);
                break;
            case 2 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = random.Of([nodes[^1].Output[0], "nothing", "", node.Output[0]]);
                break;
            case 3:
                nodes.Add(nodes[random.Next(nodes.Count)].Clone());
                break;
            case 4 when node.Attribute.Count > 0:
                var attribute = node.Attribute[random.Next(node.Attribute.Count)];
                (attribute.I, attribute.F) = (random.Of(Sizes), float.NaN);
                attribute.Ints.Add(random.Of(Sizes));
                break;
            case 5:
                var output = model.Graph.Output[random.Next(model.Graph.Output.Count)];
                output.Type.TensorType.Shape.Dim[0].DimValue = random.Of(Sizes);
                break;
            case 6:
                model.OpsetImport[0].Version = random.Of(Sizes);
                break;
            default:
                var weights = model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)];
                model.Graph.Initializer.Remove(weights);
                break;
        }
    });

    /// <summary>Weights of absurd shapes, types or values.</summary>
    private static Action<string> Weights(int seed) => Model(seed, (model, random) =>
    {
        var weights = model.Graph.Initializer[random.Next(model.Graph.Initializer.Count)];
        switch (random.Next(4))
        {
            case 0:
                weights.Dims.Add(random.Of(Sizes));
                break;
            case 1 when weights.Dims.Count > 0:
                weights.Dims[random.Next(weights.Dims.Count)] = random.Of(Sizes);
                break;
            case 2:
                weights.DataType = random.Next(-1, 30);
                break;
            default:
                weights.RawData = ByteString.CopyFrom(AnyFile.Overwrite(weights.RawData.IsEmpty ? [0] : weights.RawData.ToByteArray(), random));
                break;
        }
    });

    private static Action<string> Model(int seed, Action<ModelProto, Random> change) => folder =>
    {
        var path = Path.Combine(folder, "model.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        change(model, new Random(seed));
        File.WriteAllBytes(path, model.ToByteArray());
        Sign(folder);
    };

    /// <summary>The model's digest as package.json must say it; unsigned, so that the signature is not what refuses.</summary>
    private static void Sign(string folder)
    {
        var json = Path.Combine(folder, "package.json");
        File.WriteAllText(json, Digits().Replace(File.ReadAllText(json), $"${{1}}{Digest.Of(File.ReadAllBytes(Path.Combine(folder, "model.onnx")))}\"", 1));
        File.Delete(Path.Combine(folder, "signature"));
    }

    [GeneratedRegex("(\"model_digest\": \")[0-9a-fA-F]+\"")]
    private static partial Regex Digits();

    [GeneratedRegex(":\\s*(\"[^\"]*\"|[-0-9.eE+]+|true|false|null)")]
    private static partial Regex Value();
}
