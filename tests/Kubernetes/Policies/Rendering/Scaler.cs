using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>A ScaledObject or a HorizontalPodAutoscaler: what it scales, between which numbers.</summary>
/// <param name="Title">Kind/name.</param>
/// <param name="Target">Kind/name.</param>
/// <param name="Least">Pods; where it is left out, as the API fills it in.</param>
/// <param name="Most">Pods; the same.</param>
internal sealed record Scaler(string Title, string Target, int Least, int Most)
{
    public static IEnumerable<Scaler> Of(Manifests manifests) =>
    [
        .. manifests.All<ScaledObject>().Select(s => new Scaler(
            $"ScaledObject/{s.Metadata.Name}", $"{s.Spec?.ScaleTargetRef?.Kind ?? "Deployment"}/{s.Spec?.ScaleTargetRef?.Name}", s.Spec?.MinReplicaCount ?? 0, s.Spec?.MaxReplicaCount ?? 100)),
        .. manifests.All<V2HorizontalPodAutoscaler>().Select(h => new Scaler(
            $"HorizontalPodAutoscaler/{h.Metadata.Name}", $"{h.Spec.ScaleTargetRef.Kind}/{h.Spec.ScaleTargetRef.Name}", h.Spec.MinReplicas ?? 1, h.Spec.MaxReplicas)),
    ];
}
