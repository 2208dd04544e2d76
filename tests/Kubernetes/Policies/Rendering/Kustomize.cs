using System.ComponentModel;
using System.Diagnostics;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>`kubectl kustomize`: what `kubectl apply -k` would send, so that the tests see the same text as a cluster.</summary>
internal static class Kustomize
{
    public static string Render(string folder)
    {
        using var process = Start(folder);
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"kubectl kustomize {Path.GetRelativePath(Repository.Root, folder)} ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
    }

    private static Process Start(string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("kubectl is not installed, and these tests render k8s/ with it (no cluster is needed): apt-get install kubectl, from Kubernetes' own packages; 1.32 is known to do, Debian's kubernetes-client 1.20 is too old", e);
        }
    }
}
