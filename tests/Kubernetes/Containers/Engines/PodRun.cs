namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>A pod with all that an engine needs to run it.</summary>
/// <param name="Pod">From the rendered manifest.</param>
/// <param name="Image">Its image.</param>
/// <param name="Address">In the plant's network.</param>
/// <param name="Environment">Resolved: the manifest's, with references and Secrets in place.</param>
/// <param name="Mounts">The folder of this machine that stands for each volume.</param>
/// <param name="Restarts">Whether it starts again when it ends, as the kubelet would.</param>
internal sealed record PodRun(Pod Pod, string Image, string Address, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<PodMount> Mounts, bool Restarts)
{
    public string Name => Pod.Name;
}

internal sealed record PodMount(string Folder, string Path, bool ReadOnly);
