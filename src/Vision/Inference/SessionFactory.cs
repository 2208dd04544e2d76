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
    public static SessionOptions Options(InferenceOptions inference)
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
            AddProvider(options, inference);
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
        using var options = Options(inference);
        try
        {
            return new InferenceSession(package.Model, options);
        }
        catch (OnnxRuntimeException e) when (inference.Provider != InferenceProvider.Cpu)
        {
            throw Unavailable(inference, e);
        }
    }

    private static void AddProvider(SessionOptions options, InferenceOptions inference)
    {
        try
        {
            switch (inference.Provider)
            {
                case InferenceProvider.Cuda:
                    options.AppendExecutionProvider_CUDA(inference.DeviceId);
                    break;
                case InferenceProvider.TensorRt:
                    options.AppendExecutionProvider_Tensorrt(inference.DeviceId);
                    options.AppendExecutionProvider_CUDA(inference.DeviceId);
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

    private static ProviderUnavailableException Unavailable(InferenceOptions inference, Exception cause)
    {
        var library = MissingLibrary().Match(cause.Message);
        if (library.Success && !library.Value.Contains("onnxruntime_providers", StringComparison.Ordinal))
        {
            return new ProviderUnavailableException(inference.ProviderName, $"the library {library.Value} cannot be loaded ({cause.Message})", "Install the CUDA 13 libraries (and TensorRT 10 for tensorrt) and the GPU's driver, or set provider to cpu", cause);
        }

        // The CPU flavour of the runtime has no such entry point, or says that the provider is not enabled in this build.
        return new ProviderUnavailableException(inference.ProviderName, $"this build has no {inference.ProviderName} provider, or libonnxruntime_providers_{inference.ProviderName}.so cannot be loaded ({cause.Message})", "Build the GPU flavour with -p:Inference=Gpu on a machine with an NVIDIA driver, or set provider to cpu", cause);
    }

    [GeneratedRegex(@"lib[\w\-]+\.so[\.\d]*")]
    private static partial Regex MissingLibrary();
}
