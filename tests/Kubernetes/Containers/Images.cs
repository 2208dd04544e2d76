using Inspection.Kubernetes.Tests.Containers.Engines;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>The images the pods run, built here once a checkout: no registry is asked.</summary>
internal static class Images
{
    /// <summary>What the overlay `local` names.</summary>
    public const string First = "localhost/inspection:0.1.0";

    /// <summary>A second tag, to roll to.</summary>
    public const string Second = "localhost/inspection:0.1.1";

    public const string Postgres = "localhost/inspection-test-postgres:15";

    public const string Base = "localhost/debian:bookworm-slim";

    private static readonly string Dev = Path.Combine(Repository.Root, "dev");
    private static readonly Lazy<Task> Built = new(BuildAsync);

    /// <summary>What makes <see cref="Postgres"/>.</summary>
    public static string PostgresFiles => Path.Combine(Repository.Root, "tests", "Kubernetes", "Containers", "postgres");

    public static Task ReadyAsync() => Built.Value;

    public static async Task BaseReadyAsync()
    {
        if (!await ExistsAsync(Base))
        {
            _ = await Podman.RunToolAsync(Dev, ["image", "base"]);
        }
    }

    /// <summary>The program as <see cref="First"/> holds it, without a container engine.</summary>
    /// <returns>The folder.</returns>
    public static async Task<string> FilesAsync()
    {
        _ = await Podman.RunToolAsync(Dev, ["image", "files", "cpu"]);
        return Path.Combine(Repository.Root, "artifacts", "image", "cpu", "publish");
    }

    private static async Task BuildAsync()
    {
        await BaseReadyAsync();
        if (!await ExistsAsync(Postgres))
        {
            _ = await Podman.RunAsync("build", "--build-arg", $"BASE={Base}", "-t", Postgres, PostgresFiles);
        }

        // always anew: the program may have changed
        _ = await Podman.RunAsync("rmi", "--force", "--ignore", First, Second);
        _ = await Podman.RunToolAsync(Dev, ["image", "cpu", "0.1.0", "--base", Base]);
        _ = await Podman.RunAsync("tag", First, Second);
    }

    private static async Task<bool> ExistsAsync(string image) => (await Podman.TryAsync("image", "exists", image)).Code == 0;
}
