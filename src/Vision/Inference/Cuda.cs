using System.Runtime.InteropServices;

namespace Inspection.Vision.Inference;

/// <summary>The few calls of the CUDA runtime that ONNX Runtime's managed interface does not have. Only where its CUDA provider was loaded.</summary>
internal static unsafe partial class Cuda
{
    private const string Library = "libcudart.so.13";
    private const int HostToDevice = 1;
    private const int DeviceToHost = 2;

    /// <summary>Of the calling thread, for the calls below.</summary>
    public static void UseDevice(int device) => Check(cudaSetDevice(device), nameof(cudaSetDevice));

    /// <summary>Page-locked host memory, which a copy to the device reads at the bus's full speed.</summary>
    public static byte* AllocatePinned(nuint length)
    {
        void* start;
        Check(cudaMallocHost(&start, length), nameof(cudaMallocHost));
        return (byte*)start;
    }

    public static byte* AllocateDevice(nuint length)
    {
        void* start;
        Check(cudaMalloc(&start, length), nameof(cudaMalloc));
        return (byte*)start;
    }

    /// <summary>Returns when the bytes are there.</summary>
    public static void ToDevice(byte* device, byte* host, nuint length) => Check(cudaMemcpy(device, host, length, HostToDevice), nameof(cudaMemcpy));

    /// <inheritdoc cref="ToDevice"/>
    public static void ToHost(byte* host, byte* device, nuint length) => Check(cudaMemcpy(host, device, length, DeviceToHost), nameof(cudaMemcpy));

    public static void FreePinned(byte* start) => _ = cudaFreeHost(start);

    public static void FreeDevice(byte* start) => _ = cudaFree(start);

    private static void Check(int error, string call)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"{call} failed: {Marshal.PtrToStringUTF8((nint)cudaGetErrorString(error))} (CUDA error {error})");
        }
    }

    [LibraryImport(Library)]
    private static partial int cudaSetDevice(int device);

    [LibraryImport(Library)]
    private static partial int cudaMallocHost(void** start, nuint length);

    [LibraryImport(Library)]
    private static partial int cudaMalloc(void** start, nuint length);

    [LibraryImport(Library)]
    private static partial int cudaMemcpy(void* to, void* from, nuint length, int kind);

    [LibraryImport(Library)]
    private static partial int cudaFreeHost(void* start);

    [LibraryImport(Library)]
    private static partial int cudaFree(void* start);

    [LibraryImport(Library)]
    private static partial byte* cudaGetErrorString(int error);
}
