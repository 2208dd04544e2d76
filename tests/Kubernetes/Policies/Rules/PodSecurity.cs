using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>The API's "restricted" level and more: a pod that is taken over can change nothing and reach nothing of its machine.</summary>
internal static class PodSecurity
{
    public static IEnumerable<string> Check(Manifests manifests) =>
        manifests.Workloads.SelectMany(w => OfPod(w).Concat(w.Containers.SelectMany(c => OfContainer(w, c))));

    private static IEnumerable<string> OfPod(Workload w)
    {
        var (pod, context) = (w.Pod, w.Pod.SecurityContext);
        return
        [
            .. Unless(context?.RunAsNonRoot == true, $"{w.Title}: securityContext.runAsNonRoot is {Text.Or(context?.RunAsNonRoot)}; set it to true"),
            .. Unless(context?.RunAsUser is > 0, $"{w.Title}: securityContext.runAsUser is {Text.Or(context?.RunAsUser)}; name a user other than 0"),
            .. Unless(context?.SeccompProfile?.Type == "RuntimeDefault", $"{w.Title}: securityContext.seccompProfile is {Text.Or(context?.SeccompProfile?.Type)}; set type RuntimeDefault"),
            .. Unless(pod.HostNetwork is not true, $"{w.Title}: hostNetwork is true; remove it"),
            .. Unless(pod.HostPID is not true, $"{w.Title}: hostPID is true; remove it"),
            .. Unless(pod.HostIPC is not true, $"{w.Title}: hostIPC is true; remove it"),
            .. Unless(pod.AutomountServiceAccountToken == false, $"{w.Title}: automountServiceAccountToken is {Text.Or(pod.AutomountServiceAccountToken)}; set it to false, nothing here speaks to the API"),
            .. Unless(pod.EnableServiceLinks == false, $"{w.Title}: enableServiceLinks is {Text.Or(pod.EnableServiceLinks)}; set it to false, else every Service becomes variables"),
            .. (pod.Volumes ?? []).Where(v => v.HostPath is not null).Select(v => $"{w.Title}: volume {v.Name} is a hostPath ({v.HostPath.Path}); take a claim or an emptyDir"),
        ];
    }

    private static IEnumerable<string> OfContainer(Workload w, V1Container c)
    {
        var context = c.SecurityContext;
        var capabilities = context?.Capabilities;
        return
        [
            .. Unless(context?.AllowPrivilegeEscalation == false, $"{w.At(c)}: allowPrivilegeEscalation is {Text.Or(context?.AllowPrivilegeEscalation)}; set it to false"),
            .. Unless(context?.ReadOnlyRootFilesystem == true, $"{w.At(c)}: readOnlyRootFilesystem is {Text.Or(context?.ReadOnlyRootFilesystem)}; set it to true and mount what it writes"),
            .. Unless(context?.Privileged is not true, $"{w.At(c)}: privileged is true; remove it"),
            .. Unless(context?.RunAsNonRoot is not false, $"{w.At(c)}: runAsNonRoot is false; remove it, the pod says true"),
            .. Unless(context?.RunAsUser is not 0, $"{w.At(c)}: runAsUser is 0; remove it, the pod names the user"),
            .. Unless(context?.SeccompProfile is null or { Type: "RuntimeDefault" }, $"{w.At(c)}: seccompProfile is {Text.Or(context?.SeccompProfile?.Type)}; remove it, the pod says RuntimeDefault"),
            .. Unless(capabilities?.Drop?.Contains("ALL") == true, $"{w.At(c)}: capabilities.drop lacks ALL; add it"),
            .. Unless(capabilities?.Add is null or { Count: 0 }, $"{w.At(c)}: capabilities.add has {Text.Of(capabilities?.Add ?? [])}; remove it"),
            .. (c.Ports ?? []).Where(p => p.HostPort is not null).Select(p => $"{w.At(c)}: port {p.Name} has hostPort {Text.Or(p.HostPort)}; remove it"),
        ];
    }
}
