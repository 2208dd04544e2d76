using System.Runtime.CompilerServices;
using Inspection.Vision.Inference;

namespace Inspection.Learning.Onnx;

internal static class TelemetryOff
{
#pragma warning disable CA2255 // meant for applications: this assembly opens sessions of its own
    [ModuleInitializer]
    internal static void Initialize() => OnnxTelemetry.Off();
#pragma warning restore CA2255
}
