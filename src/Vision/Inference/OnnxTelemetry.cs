using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inspection.Vision.Inference;

/// <summary>
/// Since 1.29 ONNX Runtime's Linux builds report models, sessions and a device id to their maker, unless the environment says no before the
/// library is loaded. What a factory inspects is nobody's business: it is switched off before anything here can load it.
/// </summary>
public static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the variable in the process's own environment; .NET's copy alone would not reach the library.</summary>
    public static void Off()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows() && setenv(Variable, "1", 1) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{Variable} can't be set");
        }
    }

#pragma warning disable CA2255 // meant for applications: here every use of the library must come after it
    [ModuleInitializer]
    internal static void OffWithThisAssembly() => Off();
#pragma warning restore CA2255

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
