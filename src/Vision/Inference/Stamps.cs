using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Inspection.Protocol;
using Inspection.Vision.Models;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Vision.Inference;

/// <summary>Says which computation made a score (rule J5).</summary>
public static class Stamps
{
    private static readonly Lazy<Digest> Software = new(OfEntryAssembly);

    public static InferenceStamp Of(ModelPackage package, InferenceOptions options) => new()
    {
        ModelDigest = package.Policy.ModelDigest,
        SignatureId = package.SignatureId,
        ThresholdsDigest = package.Policy.ThresholdsDigest,
        CalibrationDigest = package.Policy.CalibrationDigest,
        PreparationVersion = package.Manifest.Preparation.Version,
        ImageDigest = Software.Value,
        RuntimeVersions = Runtime,
        Provider = options.ProviderName,
        CpuClass = CpuClass(),
    };

    /// <summary>What runs models in this process.</summary>
    public static string Runtime => $"onnxruntime {OrtEnv.Instance().GetVersionString()}; .NET {Environment.Version}";

    /// <summary>The instruction sets that choose ONNX Runtime's kernels, for instance "x64 avx512-vnni".</summary>
    public static string CpuClass()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (!X86Base.IsSupported)
        {
            return architecture;
        }

        // Leaf 7, ECX bit 11: AVX512-VNNI, which .NET does not name.
        var vnni = Avx512BW.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;
        return $"{architecture} {(vnni ? "avx512-vnni" : Avx512BW.IsSupported ? "avx512" : AvxVnni.IsSupported ? "avx2-vnni" : Avx2.IsSupported ? "avx2" : "sse")}";
    }

    private static Digest OfEntryAssembly()
    {
        var file = Assembly.GetEntryAssembly()?.Location;
        return string.IsNullOrEmpty(file) || !File.Exists(file) ? Digest.None : Digest.Of(File.ReadAllBytes(file));
    }
}
