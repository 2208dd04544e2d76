namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>The images the pods run, built here once a checkout: no registry is asked.</summary>
internal static class Images
{
    /// <summary>What the overlay `local` names.</summary>
    public const string First = "localhost/inspection:0.1.0";

    /// <summary>A second tag, to roll to.</summary>
    public const string Second = "localhost/inspection:0.1.1";

    public const string Postgres = "localhost/inspection-test-postgres:15";

    private const string Base = "localhost/debian:bookworm-slim";

    private static readonly Lazy<Task> Built = new(BuildAsync);

    public static Task ReadyAsync() => Built.Value;

    private static async Task BuildAsync()
    {
        var dev = Path.Combine(Repository.Root, "dev");
        if (!await ExistsAsync(Base))
        {
            _ = await Podman.RunToolAsync(dev, ["image", "base"]);
        }

        if (!await ExistsAsync(Postgres))
        {
            _ = await Podman.RunAsync("build", "--build-arg", $"BASE={Base}", "-t", Postgres, Path.Combine(Repository.Root, "tests", "Kubernetes", "Containers", "postgres"));
        }

        // always anew: the program may have changed
        _ = await Podman.RunAsync("rmi", "--force", "--ignore", First, Second);
        _ = await Podman.RunToolAsync(dev, ["image", "cpu", "0.1.0", "--base", Base]);
        _ = await Podman.RunAsync("tag", First, Second);
    }

    private static async Task<bool> ExistsAsync(string image) => (await Podman.TryAsync("image", "exists", image)).Code == 0;
}
