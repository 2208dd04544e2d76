namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>What runs the processes of pods on a network of their own: <see cref="PodmanEngine"/>, or <see cref="NamespaceEngine"/> where the kernel refuses containers.</summary>
internal interface IPodEngine : IAsyncDisposable
{
    /// <summary>An address of the network that no pod has had.</summary>
    string NextAddress();

    Task StartAsync(PodRun run);

    /// <summary>Waits until one that does not start again has ended.</summary>
    Task EndedAsync(string pod, Func<string> explain);

    /// <summary>The signal its image wants, then the kill after the grace period.</summary>
    Task StopAsync(string pod, TimeSpan grace);

    /// <summary>One that was stopped, with its folders and its address.</summary>
    Task StartAgainAsync(string pod);

    /// <summary>The number of its process on this machine.</summary>
    Task<int> ProcessAsync(string pod);

    /// <summary>Runs the image's program once more beside the pod's own: in its network, its root and its environment.</summary>
    /// <returns>All it printed.</returns>
    Task<string> AskAsync(string pod, params string[] arguments);

    Task<string> LogAsync(string pod);

    Task<string> ImageOfAsync(string pod);

    /// <summary>The exit code of one that has ended.</summary>
    Task<int> CodeAsync(string pod);

    /// <summary>Ends it where it runs, and forgets it.</summary>
    Task RemoveAsync(string pod);
}
