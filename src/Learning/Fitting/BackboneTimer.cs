using System.Diagnostics;
using Inspection.Learning.Backbones;
using Inspection.Learning.Evaluating;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Fitting;

/// <summary>The backbone alone, up to the feature maps that the detector uses, on one core: the yardstick of its cost.</summary>
public sealed class BackboneTimer : IBackboneTimer
{
    private const int Yardstick = 256;

    private readonly RunOptions _run = new();
    private readonly Bare _at256;
    private readonly Bare _atInput;

    /// <param name="input">The detector's preparation; where frames keep their aspect its nominal size is taken.</param>
    public BackboneTimer(Backbone backbone, IReadOnlyList<string> maps, PreparationSpec input)
    {
        _at256 = new Bare(backbone, maps, Yardstick, Yardstick, input.Channels);
        _atInput = new Bare(backbone, maps, input.Width, input.Height, input.Channels);
        Description = $"{backbone.Name} to {maps[^1]}, {Yardstick} x {Yardstick} x {input.Channels}";
    }

    public string Description { get; }

    /// <summary>The timer for a package, as its lineage names backbone and maps; a backbone file must be given where one was used.</summary>
    public static BackboneTimer For(Vision.Models.PackageManifest manifest, string? backboneFile = null) =>
        new(Backbone.Open(backboneFile), manifest.Lineage["maps"].Split(' '), manifest.Preparation);

    public double RunAt256() => _at256.Time(_run);

    public double RunAtInput() => _atInput.Time(_run);

    public void Dispose()
    {
        _at256.Dispose();
        _atInput.Dispose();
        _run.Dispose();
    }

    private sealed class Bare : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtIoBinding _binding;
        private readonly OrtValue _input;

        public Bare(Backbone backbone, IReadOnlyList<string> maps, int width, int height, int channels)
        {
            using var options = SessionFactory.Options(new InferenceOptions());
            _session = new InferenceSession(CoarseGraph.Bare(backbone, width, height, channels, maps), options);
            _input = OrtValue.CreateTensorValueFromMemory(new byte[width * height * channels], [1, height, width, channels]);
            _binding = _session.CreateIoBinding();
            _binding.BindInput("input", _input);
            foreach (var output in _session.OutputNames)
            {
                _binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
            }
        }

        public double Time(RunOptions options)
        {
            var start = Stopwatch.GetTimestamp();
            _session.RunWithBinding(options, _binding);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        public void Dispose()
        {
            _binding.Dispose();
            _input.Dispose();
            _session.Dispose();
        }
    }
}
