using System.Globalization;
using Inspection.Kubernetes.Tests.Policies.Rules;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>
/// A pod of a rendered manifest as arguments of `podman run`: the same image, arguments, environment, mounts, user, read-only root and dropped
/// rights. What podman has no word for: a fieldRef is resolved here, a Secret comes from the test, a claim or an emptyDir is a folder of the
/// host that belongs to the fsGroup, memory and CPU are not limited, probes are asked by the test, network policies are not enforced.
/// </summary>
/// <param name="Name">The pod's.</param>
/// <param name="Template">Of its workload.</param>
/// <param name="Names">Those it has in the plant's DNS: POD.SERVICE, and SERVICE where it is the only one.</param>
internal sealed record Pod(string Name, V1PodTemplateSpec Template, IReadOnlyList<string> Names)
{
    /// <summary>The label that names the process a container belongs to.</summary>
    public const string Owner = "inspection-test";

    /// <summary>Environment variables that a test sets besides, or in place of the manifest's.</summary>
    public IReadOnlyDictionary<string, string> Changed { get; init; } = new Dictionary<string, string>();

    public V1Container Container => Template.Spec.Containers.Single();

    public TimeSpan Grace => TimeSpan.FromSeconds(Template.Spec.TerminationGracePeriodSeconds ?? 30);

    /// <param name="container">The container's name.</param>
    /// <param name="network">Its network, whose DNS knows <see cref="Names"/>.</param>
    /// <param name="address">Its address there.</param>
    /// <param name="image">Null: as the manifest says.</param>
    /// <param name="folders">The folder of the host that stands for a volume.</param>
    /// <param name="secrets">By name and key.</param>
    /// <param name="restarts">Whether it starts again when it ends, as the kubelet would.</param>
    public IReadOnlyList<string> Arguments(string container, string network, string address, string? image, Func<V1Volume?, V1VolumeMount, string> folders, IReadOnlyDictionary<(string Name, string Key), string> secrets, bool restarts)
    {
        var (template, pod) = (Container, Template.Spec.SecurityContext);
        var own = template.SecurityContext;
        List<string> arguments =
        [
            "run", "--detach", "--name", container, "--label", $"{Owner}={System.Environment.ProcessId}", "--hostname", Name, "--network", network, "--ip", address, "--mac-address", Hardware(address), "--restart", restarts ? "always" : "no",
            "--user", string.Create(CultureInfo.InvariantCulture, $"{pod.RunAsUser}:{pod.RunAsGroup}"),
            "--group-add", string.Create(CultureInfo.InvariantCulture, $"{pod.FsGroup}"),
            .. Names.SelectMany(n => new[] { "--network-alias", n }),
            .. own.Capabilities.Drop.SelectMany(c => new[] { "--cap-drop", c.ToLowerInvariant() }),
        ];
        if (own.ReadOnlyRootFilesystem == true)
        {
            arguments.AddRange(["--read-only", "--read-only-tmpfs=false"]);
        }

        if (own.AllowPrivilegeEscalation == false)
        {
            arguments.AddRange(["--security-opt", "no-new-privileges"]);
        }

        foreach (var (name, value) in Environment(address, secrets))
        {
            arguments.AddRange(["--env", $"{name}={value}"]);
        }

        foreach (var mount in template.VolumeMounts)
        {
            var volume = Template.Spec.Volumes?.FirstOrDefault(v => v.Name == mount.Name);
            var readOnly = mount.ReadOnlyProperty == true || volume?.PersistentVolumeClaim?.ReadOnlyProperty == true;
            arguments.AddRange(["--volume", $"{folders(volume, mount)}:{mount.MountPath}:{(readOnly ? "ro" : "rw")}"]);
        }

        if (template.Command is { Count: > 0 } command)
        {
            arguments.AddRange(["--entrypoint", command[0]]);
        }

        return [.. arguments, image ?? template.Image, .. template.Command?.Skip(1) ?? [], .. template.Args];
    }

    /// <summary>One that stays while the container is stopped and started, as a pod keeps its network: else its neighbours' ARP tables lead astray for seconds.</summary>
    private static string Hardware(string address) => "02:00:" + string.Join(':', address.Split('.').Select(b => byte.Parse(b, CultureInfo.InvariantCulture).ToString("x2", CultureInfo.InvariantCulture)));

    private IReadOnlyDictionary<string, string> Environment(string address, IReadOnlyDictionary<(string, string), string> secrets)
    {
        V1EnvVar[] variables = [.. Changed.Select(c => new V1EnvVar { Name = c.Key, Value = c.Value }), .. Container.Env.Where(v => !Changed.ContainsKey(v.Name))];
        return ProcessEnvironment.Of(variables, source => source switch
        {
            { FieldRef.FieldPath: "metadata.name" } => Name,
            { FieldRef.FieldPath: "status.podIP" } => address,
            { SecretKeyRef: { } secret } => secrets[(secret.Name, secret.Key)],
            _ => throw new NotSupportedException($"{Name}: a variable comes from something that the tests can't resolve"),
        });
    }
}
