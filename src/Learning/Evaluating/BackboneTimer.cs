using System.Diagnostics;
using Inspection.Learning.Backbones;
using Inspection.Learning.Onnx;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;
using static Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// The bare backbone up to the feature maps a package uses, in ONNX Runtime on one thread without spinning, as the product runs it:
/// uint8 in, nothing behind the maps.
/// </summary>
public sealed class BackboneTimer : IBackboneTimer
{
    private const int Side = 256;

    private readonly RunOptions _options = new();
    private readonly Trunk _at256;
    private readonly Trunk _atInput;

    /// <param name="maps">The feature maps the package was fitted on.</param>
    /// <param name="preparation">The package's input shape and channels.</param>
    public BackboneTimer(Backbone backbone, IReadOnlyList<string> maps, PreparationSpec preparation)
    {
        Description = $"{backbone.Name} to {string.Join("+", maps)}, {Side} x {Side} x {preparation.Channels}";
        _at256 = new Trunk(backbone, maps, (Side, Side, preparation.Channels));
        _atInput = new Trunk(backbone, maps, (preparation.Height, preparation.Width, preparation.Channels));
    }

    public string Description { get; }

    public double RunAt256() => _at256.Run(_options);

    public double RunAtInput() => _atInput.Run(_options);

    public void Dispose()
    {
        _at256.Dispose();
        _atInput.Dispose();
        _options.Dispose();
    }

    private sealed class Trunk : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtValue _input;
        private readonly string[] _maps;

        public Trunk(Backbone backbone, IReadOnlyList<string> maps, (int Height, int Width, int Channels) shape)
        {
            var graph = new OnnxGraph("backbone");
            var image = graph.Input("input", Uint8, 1, shape.Height, shape.Width, shape.Channels);
            foreach (var map in backbone.AppendTo(graph, image, shape.Channels, maps))
            {
                graph.Output(map, Float, "N", $"{map}_c", $"{map}_h", $"{map}_w");
            }

            using var options = SessionFactory.Options(new InferenceOptions());
            _session = new InferenceSession(graph.ToBytes(), options);
            _maps = [.. maps];
            var pixels = new byte[shape.Height * shape.Width * shape.Channels];
            new Random(1).NextBytes(pixels);
            _input = OrtValue.CreateTensorValueFromMemory(pixels, [1, shape.Height, shape.Width, shape.Channels]);
        }

        public double Run(RunOptions options)
        {
            var started = Stopwatch.GetTimestamp();
            using var outputs = _session.Run(options, ["input"], [_input], _maps);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        public void Dispose()
        {
            _input.Dispose();
            _session.Dispose();
        }
    }
}
