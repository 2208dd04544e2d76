namespace Inspection.Kubernetes.Tests.Containers.Engines;

/// <summary>The engine that runs the pods, in words for the summary and made on demand.</summary>
internal sealed record EngineChoice(string Words, Func<Task<IPodEngine>> MakeAsync)
{
    public static async Task<EngineChoice> OfThisMachineAsync() => Of(await RefusalAsync());

    /// <param name="refusal">What podman says where the kernel refuses it a container.</param>
    public static EngineChoice Of(string? refusal) => refusal is null
        ? new("containers of podman", MakePodmanAsync)
        : new($"processes in network namespaces, as podman can't run a container here: {refusal}", NamespaceEngine.MakeAsync);

    /// <param name="settings">Of podman, before its command.</param>
    /// <returns>The last line of what podman says where it can't run a container; null where it can.</returns>
    public static async Task<string?> RefusalAsync(params string[] settings)
    {
        await Images.BaseReadyAsync();
        var ended = await Podman.TryAsync([.. settings, "run", "--rm", "--network", "none", Images.Base, "/bin/true"]);
        return ended.Code == 0 ? null : ended.Error.Trim().Split('\n').Last();
    }

    private static async Task<IPodEngine> MakePodmanAsync()
    {
        await Images.ReadyAsync();
        return await PodmanEngine.MakeAsync();
    }
}
