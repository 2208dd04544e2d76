using Inspection.Console;
using Inspection.Nodes.Gateway;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Commands;

/// <summary>From what went wrong to words and an exit code. A bug stays an exception with its trace.</summary>
internal static class Failures
{
    public static async Task<int> GuardAsync(Output output, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException)
        {
            output.Error("stopped");
            return ExitCodes.BadAnswer;
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            output.Error(e.Message);
            return code;
        }
    }

    private static int? CodeOf(Exception e) => e switch
    {
        PlantException or BundleException or Inspection.Vision.Models.PackageException or Inspection.Learning.Datasets.DatasetException or Inspection.Vision.Cameras.CameraSetupException => ExitCodes.BadInput,
        BrokenChainException => ExitCodes.BadAnswer,
        JournalUnavailableException or PortInUseException or Inspection.Vision.Inference.ProviderUnavailableException => ExitCodes.Environment,
        _ => null,
    };
}
