using Inspection.Audit.Asking;
using Inspection.Audit.Backups;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Console;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Plants;
using Inspection.People;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

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
        PlantException or BundleException or BackupException or PackageException or DatasetException or BackboneException or FitException or CameraSetupException or NoteException or ReceiptException => ExitCodes.BadInput,
        BrokenChainException or LineRefusedException => ExitCodes.BadAnswer,
        FormatException => ExitCodes.BadInput,
        IOException or UnauthorizedAccessException => ExitCodes.Environment,
        JournalUnavailableException or PortInUseException or ProviderUnavailableException or NobodyAnswersException => ExitCodes.Environment,
        _ => null,
    };
}
