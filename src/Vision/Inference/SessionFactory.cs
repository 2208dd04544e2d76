using System.Globalization;
using System.Text.RegularExpressions;
using Inspection.Vision.Models;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Inference;

/// <summary>Opens ONNX Runtime sessions as rule W5 wants them.</summary>
public static partial class SessionFactory
{
    /// <summary>
    /// Sequential execution on the given threads, no spinning between runs, all graph optimisations. One thread gives the same bits each
    /// time on one CPU class (promise P6, R1).
    /// </summary>
    /// <exception cref="ProviderUnavailableException">The provider, or a library it needs, is not here.</exception>
    public static SessionOptions Options(InferenceOptions inference) => Options(inference, package: null);

    private static SessionOptions Options(InferenceOptions inference, ModelPackage? package)
    {
        _ = inference.Validate();
        var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = inference.IntraOpThreads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            AddProvider(options, inference, package);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    public static InferenceSession Open(ModelPackage package, InferenceOptions inference)
    {
        using var options = Options(inference, package);
        try
        {
            return new InferenceSession(package.Model, options);
        }
        catch (OnnxRuntimeException e) when (inference.Provider != InferenceProvider.Cpu)
        {
            throw Unavailable(inference, e);
        }
    }

    private static void AddProvider(SessionOptions options, InferenceOptions inference, ModelPackage? package)
    {
        try
        {
            switch (inference.Provider)
            {
                case InferenceProvider.Cuda:
                    AddCuda(options, inference);
                    break;
                case InferenceProvider.TensorRt:
                    using (var tensorRt = new OrtTensorRTProviderOptions())
                    {
                        tensorRt.UpdateOptions(TensorRt(inference, package));
                        options.AppendExecutionProvider_Tensorrt(tensorRt);
                    }

                    AddCuda(options, inference);
                    break;
                case InferenceProvider.Cpu:
                default:
                    break;
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw Unavailable(inference, e);
        }
    }

    private static void AddCuda(SessionOptions options, InferenceOptions inference)
    {
        using var cuda = new OrtCUDAProviderOptions();
        var values = new Dictionary<string, string>
        {
            ["device_id"] = Text(inference.DeviceId),
            ["arena_extend_strategy"] = "kSameAsRequested", // several sessions share the memory: none takes the next power of two
            ["use_tf32"] = inference.Tf32 ? "1" : "0",
            ["enable_cuda_graph"] = inference.CudaGraphs ? "1" : "0",
        };
        if (inference.MemoryLimit is { } limit)
        {
            values["gpu_mem_limit"] = Text(limit);
        }

        cuda.UpdateOptions(values);
        options.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Engines are kept by the model's digest: another model, and another version of one, has its own.</summary>
    private static Dictionary<string, string> TensorRt(InferenceOptions inference, ModelPackage? package)
    {
        var values = new Dictionary<string, string> { ["device_id"] = Text(inference.DeviceId) };
        if (inference is { EngineCache: { } folder } && package is not null)
        {
            values["trt_engine_cache_enable"] = "1";
            values["trt_engine_cache_path"] = Directory.CreateDirectory(Path.Combine(folder, package.Policy.ModelDigest.ToString())).FullName;
            values["trt_timing_cache_enable"] = "1";
            values["trt_timing_cache_path"] = folder;
        }

        return values;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static ProviderUnavailableException Unavailable(InferenceOptions inference, Exception cause)
    {
        // the provider's own library is named, too, where one that it needs is missing
        var library = MissingLibrary().Matches(cause.Message).FirstOrDefault(m => !m.Value.Contains("onnxruntime_providers", StringComparison.Ordinal));
        if (library is not null)
        {
            return new ProviderUnavailableException(inference.ProviderName, $"the library {library.Value} cannot be loaded ({cause.Message})", "Install the CUDA 13 libraries (and TensorRT 10 for tensorrt) and the GPU's driver, or set provider to cpu", cause);
        }

        // The CPU flavour of the runtime has no such entry point, or says that the provider is not enabled in this build.
        return new ProviderUnavailableException(inference.ProviderName, $"this build has no {inference.ProviderName} provider, or libonnxruntime_providers_{inference.ProviderName}.so cannot be loaded ({cause.Message})", "Build the GPU flavour with -p:Inference=Gpu on a machine with an NVIDIA driver, or set provider to cpu", cause);
    }

    [GeneratedRegex(@"lib[\w\-]+\.so[\.\d]*")]
    private static partial Regex MissingLibrary();
}
