using System.Text.Json;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Models;

/// <summary>One prepared input and what the model answered where it was fitted.</summary>
public sealed record GoldenVector
{
    /// <summary>Path of the prepared image (PNG) relative to golden/.</summary>
    public required string Input { get; init; }

    /// <summary>Output name to values, batch of one, row by row.</summary>
    public required SortedDictionary<string, float[]> Outputs { get; init; }
}

/// <summary>Inputs and expected outputs that a package carries, and the check of a model against them.</summary>
public static class GoldenVectors
{
    /// <summary>Scores, probabilities and maps may differ this much, relative to the expected value, between machines.</summary>
    public const float RelativeTolerance = 1e-3f;

    /// <summary>The outputs of a model, by name, for one prepared image [height, width, channels] uint8.</summary>
    public static SortedDictionary<string, float[]> Run(InferenceSession session, byte[] tensor, long[] shape)
    {
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, shape);
        using var outputs = session.Run(options, [ModelStructure.Input], [input], session.OutputNames);
        var named = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < session.OutputNames.Count; i++)
        {
            named[session.OutputNames[i]] = outputs[i].GetTensorDataAsSpan<float>().ToArray();
        }

        return named;
    }

    /// <summary>Writes golden/ of a package from prepared inputs.</summary>
    public static void Write(string directory, IReadOnlyList<(byte[] Tensor, int Width, int Height, int Channels)> inputs)
    {
        var folder = Path.Combine(directory, PackageFiles.Golden);
        _ = Directory.CreateDirectory(folder);
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(Path.Combine(directory, PackageFiles.Model), options);
        var vectors = new List<GoldenVector>();
        foreach (var (tensor, width, height, channels) in inputs)
        {
            var name = $"{vectors.Count}.png";
            File.WriteAllBytes(Path.Combine(folder, name), ImageEncoder.Png(tensor, width, height, channels));
            vectors.Add(new GoldenVector { Input = name, Outputs = Run(session, tensor, [1, height, width, channels]) });
        }

        File.WriteAllBytes(Path.Combine(directory, PackageFiles.GoldenVectors), JsonSerializer.SerializeToUtf8Bytes(vectors, PackageManifest.Json));
    }

    /// <exception cref="PackageException">No vectors, or the model answers otherwise: the message names input, output, expected and actual.</exception>
    public static void Check(string directory, byte[] onnx, PackageManifest manifest)
    {
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = Open(directory, onnx, options);
        foreach (var (vector, image) in Inputs(directory, manifest))
        {
            Compare(directory, vector, Run(directory, vector, session, image));
        }
    }

    private static SortedDictionary<string, float[]> Run(string directory, GoldenVector vector, InferenceSession session, DecodedImage image)
    {
        try
        {
            return Run(session, image.Pixels, [1, image.Height, image.Width, image.Channels]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} does not run on golden input {vector.Input}: {e.Message.TrimEnd('.')}", "Fit or import the model again", e);
        }
    }

    /// <summary>
    /// Of a session as the workers use it: on its device, with its buffers and each of its batch sizes. Every vector follows an empty frame,
    /// so that a session that answers for the frame before is found out.
    /// </summary>
    /// <inheritdoc cref="Check(string, byte[], PackageManifest)"/>
    public static void Check(ModelPackage package, ICoarseSession session, IReadOnlyList<int> batches)
    {
        var spec = package.Manifest.Preparation;
        using var ring = new FrameRing(2, spec.TensorLength, spec.TensorLength);
        _ = ring.TryRent(out var empty);
        _ = ring.TryRent(out var full);
        var results = new CoarseResult[batches[^1]];
        foreach (var (vector, image) in Inputs(package.Directory, package.Manifest))
        {
            (empty!.Geometry, full!.Geometry) = (Whole(image), Whole(image));
            empty.Tensor.Clear();
            image.Pixels.CopyTo(full.Tensor);
            foreach (var batch in batches)
            {
                var at = batch - 1;
                if (session is IBatchSession batching)
                {
                    batching.Run([.. Enumerable.Repeat(empty, batch)], batch, results);
                    batching.Run([.. Enumerable.Repeat(empty, at), full], batch, results);
                }
                else
                {
                    _ = session.Run(empty);
                    results[at] = session.Run(full);
                }

                Compare(package.Directory, vector, new SortedDictionary<string, float[]>(StringComparer.Ordinal)
                {
                    [ModelStructure.Score] = [results[at].Score],
                    [ModelStructure.Ood] = [results[at].Ood],
                    [ModelStructure.Map] = (session is IBatchSession maps ? maps.MapOf(at) : session.AnomalyMap).ToArray(),
                });
            }
        }
    }

    /// <inheritdoc cref="Check(ModelPackage, ICoarseSession, IReadOnlyList{int})"/>
    public static void Check(ModelPackage package, IVerifierSession session)
    {
        var spec = package.Manifest.Preparation;
        using var ring = new FrameRing(1, spec.TensorLength, 1);
        _ = ring.TryRent(out var slot);
        var probabilities = new float[package.Manifest.Verifier!.Classes.Count];
        foreach (var (vector, image) in Inputs(package.Directory, package.Manifest))
        {
            slot!.SetShape(image.Width, image.Height, image.Channels);
            slot.PixelRoom.Clear();
            session.Run(slot, [new PixelBox(0, 0, image.Width, image.Height)], probabilities);
            image.Pixels.CopyTo(slot.PixelRoom);
            session.Run(slot, [new PixelBox(0, 0, image.Width, image.Height)], probabilities);
            Compare(package.Directory, vector, new SortedDictionary<string, float[]>(StringComparer.Ordinal) { [ModelStructure.Probabilities] = probabilities });
        }
    }

    private static PreparedGeometry Whole(DecodedImage image) =>
        PreparedGeometry.OfBox(image.Width, image.Height, new PixelBox(0, 0, image.Width, image.Height), image.Width, image.Height);

    private static IEnumerable<(GoldenVector Vector, DecodedImage Image)> Inputs(string directory, PackageManifest manifest)
    {
        using var decoder = new ImageDecoder();
        foreach (var vector in Read(directory))
        {
            var path = Path.Combine(directory, PackageFiles.Golden, Path.GetFileName(vector.Input));
            var image = decoder.ReadFile(path, out var problem)
                ?? throw new PackageException(directory, $"golden input {vector.Input} cannot be read: {problem}", "Restore the package");
            if (!manifest.Preparation.Accepts(image.Width, image.Height) || image.Channels != manifest.Preparation.Channels)
            {
                throw new PackageException(directory, $"golden input {vector.Input} is {image.Width} x {image.Height} x {image.Channels}, which the package's preparation does not make", "Restore the package");
            }

            yield return (vector, image);
        }
    }

    private static GoldenVector[] Read(string directory)
    {
        var path = Path.Combine(directory, PackageFiles.GoldenVectors);
        if (!File.Exists(path))
        {
            throw new PackageException(directory, $"{PackageFiles.GoldenVectors} is missing, so nothing shows that the model still computes what it did when it was fitted", "Restore the package, or fit the model again");
        }

        try
        {
            return JsonSerializer.Deserialize<GoldenVector[]>(PackageFile.Read(directory, PackageFiles.GoldenVectors, PackageFile.MostText), PackageManifest.Json) is { Length: > 0 } vectors
                ? vectors
                : throw new JsonException("it holds no vectors");
        }
        catch (JsonException e)
        {
            throw new PackageException(directory, $"{PackageFiles.GoldenVectors} cannot be read: {e.Message.TrimEnd('.')}", "Restore the package", e);
        }
    }

    private static InferenceSession Open(string directory, byte[] onnx, SessionOptions options)
    {
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} is refused by ONNX Runtime: {e.Message.TrimEnd('.')}", "Fit or import the model again", e);
        }
    }

    private static void Compare(string directory, GoldenVector vector, SortedDictionary<string, float[]> actual)
    {
        foreach (var (name, expected) in vector.Outputs)
        {
            var values = actual.GetValueOrDefault(name) ?? [];
            for (var i = 0; i < Math.Max(expected.Length, values.Length); i++)
            {
                // Written so that NaN on either side is a difference.
                if (i >= expected.Length || i >= values.Length || !(Math.Abs(values[i] - expected[i]) <= RelativeTolerance * Math.Max(1e-2f, Math.Abs(expected[i]))))
                {
                    var at = i < expected.Length ? $"{expected[i]:g9}" : "nothing";
                    var got = i < values.Length ? $"{values[i]:g9}" : "nothing";
                    throw new PackageException(directory, $"golden vector {vector.Input}: {name}[{i}] should be {at} and is {got} (allowed: {RelativeTolerance:g} of the value)", "The model does not compute here what it computed when it was fitted: restore the package, or check the runtime");
                }
            }
        }
    }
}
