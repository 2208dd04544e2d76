using static Inspection.Kubernetes.Tests.Policies.Rendering.Manifests;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>Mistakes of the kinds people make in manifests, at least one a policy.</summary>
internal static class Mutations
{
    public static IReadOnlyList<Mutation> All { get; } = [.. OfPods, .. OfNetwork, .. OfConfiguration, .. OfAvailability, .. OfPlant];

    private static IEnumerable<Mutation> OfPods =>
    [
        new("an unknown field", Local, "schema", "StatefulSet/supervisor", "podManagementPolicy:", "podManagmentPolicy:", "podManagmentPolicy"),
        new("an unknown field deep inside", Local, "schema", "StatefulSet/sensor", "readinessProbe:", "readynessProbe:", "readynessProbe"),
        new("a wrong type", Local, "schema", "StatefulSet/supervisor", "replicas: 3", "replicas: three", "'three'"),
        new("an API version that is none", Local, "schema", "Deployment/gateway", "apiVersion: apps/v1", "apiVersion: apps/v1beta1", "apps/v1beta1 Deployment is no type of the API"),
        new("a selector beside its template", Local, "required fields", "Deployment/detector", "matchLabels:\n      inspection/role: detector", "matchLabels:\n      inspection/role: verifier", "does not match the labels of its own template"),
        new("a service name without a service", Local, "required fields", "StatefulSet/sensor", "serviceName: sensor", "serviceName: sensors", "names no headless Service"),
        new("no image", Local, "required fields", "Deployment/gateway", "image: localhost/inspection:0.1.0", "image: \"\"", "image is missing"),
        new("the user root", Local, "pod security", "StatefulSet/sensor", "runAsUser: 10001", "runAsUser: 0", "runAsUser is 0"),
        new("no seccomp profile", Local, "pod security", "Job/demo-models", "seccompProfile:\n          type: RuntimeDefault", "seccompProfile:\n          type: Unconfined", "seccompProfile is Unconfined"),
        new("a capability", Local, "pod security", "StatefulSet/postgres", "drop:\n            - ALL", "add:\n            - CHOWN\n            drop:\n            - ALL", "capabilities.add has CHOWN"),
        new("capabilities kept", Local, "pod security", "Deployment/verifier", "drop:\n            - ALL", "drop:\n            - NET_RAW", "capabilities.drop lacks ALL"),
        new("a writable root", Local, "pod security", "Deployment/gateway", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "readOnlyRootFilesystem is False"),
        new("a token of the API", Local, "pod security", "Deployment/gateway", "automountServiceAccountToken: false", "automountServiceAccountToken: true", "automountServiceAccountToken is True"),
        new("the machine's network", Local, "pod security", "StatefulSet/sensor", "enableServiceLinks: false", "enableServiceLinks: false\n      hostNetwork: true", "hostNetwork is true"),
        new("a folder of the machine", Local, "pod security", "StatefulSet/sensor", "emptyDir:\n          sizeLimit: 1Mi", "hostPath:\n          path: /data", "volume pictures is a hostPath"),
        new("no limits", Local, "resources", "Deployment/gateway", "limits:\n            cpu: \"1\"\n            memory: 768Mi\n          ", "", "limits.cpu is missing"),
        new("a limit below the request", Local, "resources", "StatefulSet/postgres", "memory: 1Gi", "memory: 128Mi", "limits.memory is below"),
        new("the tag latest", Local, "images", "StatefulSet/postgres", "postgres:17-bookworm", "postgres:latest", "has the tag latest"),
        new("no tag", Local, "images", "StatefulSet/postgres", "postgres:17-bookworm", "postgres", "has no tag"),
        new("another build in one pod", Local, "images", "Deployment/verifier", "localhost/inspection:0.1.0", "localhost/inspection:0.0.9", "kustomization.yaml says localhost/inspection:0.1.0"),
        new("a wrong probe path", Local, "probes", "StatefulSet/sensor", "/health/ready", "/health/live", "readinessProbe asks for /health/live"),
        new("a probe on a port nobody named", Local, "probes", "StatefulSet/sensor", "port: http", "port: web", "take the port named http"),
        new("a database without readiness", Local, "probes", "StatefulSet/postgres", "readinessProbe:", "startupProbe:", "readinessProbe is missing"),
    ];

    private static IEnumerable<Mutation> OfNetwork =>
    [
        new("no default-deny", Local, "network", "NetworkPolicy/default-deny", null, "", "add default-deny"),
        new("default-deny inwards only", Local, "network", "NetworkPolicy/default-deny", "\n  - Egress", "", "add default-deny"),
        new("a port without a policy", Local, "network", "NetworkPolicy/frames", null, "", "opens port 7700"),
        new("a policy for a port nobody has", Local, "network", "NetworkPolicy/frames", "port: 7700", "port: 7701", "opens port 7701, no pod"),
        new("workers that reach the journal", Local, "network", "NetworkPolicy/workers", "port: 7700", "port: 5432", "reach port 5432; only supervisors"),
        new("supervisors without a journal", Local, "network", "NetworkPolicy/supervisors-to-journal", null, "", "no egress lets supervisors reach"),
        new("a way out without a way in", Local, "network", "NetworkPolicy/workers", "port: 7700", "port: 7701", "egress to port 7701"),
        new("a service port nobody has", Local, "network", "Service/sensor", "port: 7700", "port: 7770", "port 7770 (data) is no containerPort"),
        new("a budget for nobody", Local, "references", "PodDisruptionBudget/detector", "inspection/role: detector", "inspection/role: detectors", "matches no pod"),
        new("a policy for nobody", Local, "references", "NetworkPolicy/journal", "app.kubernetes.io/name: postgres", "app.kubernetes.io/name: postgresql", "NetworkPolicy/journal: selector"),
        new("a volume that is missing", Local, "references", "StatefulSet/postgres", "sizeLimit: 16Mi\n        name: run", "sizeLimit: 16Mi\n        name: running", "volumeMount run"),
        new("a claim that is missing", Local, "references", "PersistentVolumeClaim/models", null, "", "claim models is not among"),
        new("another secret", Local, "references", "StatefulSet/supervisor", "name: inspection-journal", "name: journal", "Secret journal is unknown"),
    ];

    private static IEnumerable<Mutation> OfConfiguration =>
    [
        new("a misspelt variable of the node", Local, "environment", "StatefulSet/sensor", "INSPECTION__NODE__ADDRESS__HOST", "INSPECTION__NODE__ADRESS__HOST", "variable INSPECTION__NODE__ADRESS__HOST"),
        new("a misspelt variable of the plant", Local, "environment", "StatefulSet/supervisor", "INSPECTION__JOURNAL__POSTGRES", "INSPECTION__JOURNAL__POSTGRESQL", "variable INSPECTION__JOURNAL__POSTGRESQL"),
        new("a misspelt variable of the process", Local, "environment", "Deployment/gateway", "INSPECTION_LOG_FORMAT", "INSPECTION_LOGFORMAT", "nobody reads variable INSPECTION_LOGFORMAT"),
        new("a variable before what it refers to", Local, "environment", "StatefulSet/sensor", "$(INSPECTION__NODE__ID)", "$(POD_NAME)", "INSPECTION__NODE__ADDRESS__HOST refers to one that is not above"),
        new("an unknown key of the plant file", Local, "configuration", "ConfigMap/config", "deadline: 3 s", "dead_line: 3 s", "dead_line"),
        new("an unknown key of the node file", Local, "configuration", "ConfigMap/config", "state: /state", "states: /state", "states"),
        new("a time that drifted", Local, "configuration", "ConfigMap/cluster-config", "stable-after = 1500ms", "stable-after = 2s", "base.hocon is not cluster-config/base.hocon"),
        new("a role's file that is not mounted", Local, "configuration", "Deployment/verifier", "path: roles/verifier.hocon", "path: roles.verifier.hocon", "has no item { key: roles.verifier.hocon"),
        new("a key that akka does not know", Local, "hocon keys", "ConfigMap/cluster-config", "handoff-timeout", "hand-off-timeout", "akka.cluster.sharding.hand-off-timeout"),
        new("a key that akka does not know, in a role's file", Local, "hocon keys", "ConfigMap/cluster-config", "reset-timeout", "resets-timeout", "circuit-breaker.resets-timeout"),
        new("a key that akka does not know, in a section over another one", Plant, "hocon keys", "ConfigMap/cluster-config", "notify-subscribers-interval", "notify-subscriber-interval", "distributed-data.notify-subscriber-interval"),
        new("a literal password", Local, "secrets", "ConfigMap/config", "Host=postgres;", "Host=postgres;Password=secret;", "has a literal password"),
        new("a literal password of the database", Local, "secrets", "StatefulSet/postgres", "valueFrom:\n            secretKeyRef:\n              key: password\n              name: inspection-journal", "value: secret", "variable POSTGRES_PASSWORD has a literal value"),
        new("a secret in a file", Local, "secrets", "PersistentVolumeClaim/models", "kind: PersistentVolumeClaim", "kind: Secret", "a Secret stands in a file"),
    ];

    private static IEnumerable<Mutation> OfAvailability =>
    [
        new("two supervisors", Local, "supervisors", "StatefulSet/supervisor", "replicas: 3", "replicas: 2", "replicas is 2"),
        new("a supervisor nobody knows", Local, "supervisors", "ConfigMap/config", "      - supervisor-2.supervisor:8558\n", "", "the StatefulSet's names are"),
        new("supervisors one by one", Local, "supervisors", "StatefulSet/supervisor", "podManagementPolicy: Parallel", "podManagementPolicy: OrderedReady", "podManagementPolicy is OrderedReady"),
        new("names only of ready pods", Local, "supervisors", "Service/supervisor", "publishNotReadyAddresses: true", "publishNotReadyAddresses: false", "lacks publishNotReadyAddresses"),
        new("another port in node.yaml", Local, "supervisors", "ConfigMap/config", "data: 7700", "data: 7701", "containerPort data is 7700"),
        new("20 s of grace", Local, "grace periods", "Deployment/detector", "terminationGracePeriodSeconds: 50", "terminationGracePeriodSeconds: 20", "terminationGracePeriodSeconds 20 s"),
        new("a hand-off longer than its phase", Local, "grace periods", "ConfigMap/cluster-config", "handoff-timeout = 15s", "handoff-timeout = 25s", "handoff-timeout 25 s is not below"),
        new("a phase longer than the host's time", Local, "grace periods", "ConfigMap/cluster-config", "cluster-sharding-shutdown-region.timeout = 20s", "cluster-sharding-shutdown-region.timeout = 45s", "45 s is not below the host's"),
        new("no budget", Local, "availability", "PodDisruptionBudget/sensor", null, "", "StatefulSet/sensor: 0 PodDisruptionBudgets"),
        new("a budget below the majority", Local, "availability", "PodDisruptionBudget/supervisor", "minAvailable: 2", "minAvailable: 1", "keeps 1 of 3"),
        new("a budget that lets nobody drain", Local, "availability", "PodDisruptionBudget/supervisor", "minAvailable: 2", "minAvailable: 3", "no machine could be drained"),
        new("supervisors on one machine", Local, "availability", "StatefulSet/supervisor", "kubernetes.io/hostname", "kubernetes.io/arch", "topologySpreadConstraints has none"),
        new("a priority that is missing", Local, "availability", "PriorityClass/inspection-workers", null, "", "priorityClassName inspection-workers is not among"),
    ];

    private static IEnumerable<Mutation> OfPlant =>
    [
        new("a worker that leaves before its successor works", Local, "workers", "Deployment/detector", "maxUnavailable: 0", "maxUnavailable: 1", "maxUnavailable is 1"),
        new("a pod without its GPU", Plant, "workers", "Deployment/detector", "            nvidia.com/gpu: \"1\"\n", "", "has nvidia.com/gpu missing"),
        new("a GPU that stays idle", Plant, "workers", "Deployment/verifier", "value: cuda", "value: cpu", "PROVIDER is cpu"),
        new("sensors anywhere", Plant, "workers", "StatefulSet/sensor", "      nodeSelector:\n        inspection/pool: edge\n", "", "nodeSelector is missing"),
        new("a GPU build on CPUs", Plant, "images", "Deployment/detector", "inspection-gpu:0.1.0", "inspection:0.1.0", "inspection-gpu:0.1.0"),
        new("a provider that is none", Plant, "environment", "Deployment/detector", "value: cuda", "value: cudnn", "variable INSPECTION__NODE__INFERENCE__PROVIDER"),
        new("a scaler for nobody", Plant, "references", "ScaledObject/verifier", "scaleTargetRef:\n    name: verifier", "scaleTargetRef:\n    name: verify", "scaleTargetRef Deployment/verify"),
        new("a misspelt metric of a scaler", Plant, "signals", "ScaledObject/detector", "inspection_work_oldest_seconds", "inspection_work_oldest", "metric inspection_work_oldest is not exported"),
        new("a misspelt metric of an alert", Plant, "signals", "PrometheusRule/inspection", "inspection_conservation_imbalance", "inspection_imbalance", "metric inspection_imbalance is not exported"),
        new("a stage that is none", Plant, "signals", "ScaledObject/verifier", "stage=\"verify\"", "stage=\"verifier\"", "has no stage=\"verifier\""),
        new("a label that is none", Plant, "signals", "PrometheusRule/inspection", "outcome=\"shed\"", "result=\"shed\"", "has no label result"),
        new("workers scaled by the GPU's load", Plant, "signals", "ScaledObject/detector", "max(rate(inspection_worker_shortage_seconds_total{stage=\"coarse\"}[1m]))", "avg(DCGM_FI_DEV_GPU_UTIL)", "looks at GPU, CPU or memory"),
        new("a misspelt metric of an autoscaler", PlantWithHpa, "signals", "HorizontalPodAutoscaler/detector", "inspection_work_oldest_seconds", "inspection_oldest_seconds", "metric inspection_oldest_seconds is not exported"),
        new("a number that each apply sets again", Plant, "signals", "Deployment/detector", "spec:\n  revisionHistoryLimit", "spec:\n  replicas: 1\n  revisionHistoryLimit", "Deployment/detector: says replicas"),
        new("a monitor of a port nobody has", Plant, "references", "PodMonitor/inspection", "port: http", "port: metrics", "has no port named metrics"),
        new("a trigger without its threshold", Plant, "required fields", "ScaledObject/verifier", "\n      threshold: \"0.2\"", "", "has no metadata.threshold"),
        new("a scaler that scales to nobody", Plant, "signals", "ScaledObject/verifier", "minReplicaCount: 1", "minReplicaCount: 0", "scales from 0 to 4"),
        new("a misspelt field of a scaler", Plant, "schema", "ScaledObject/detector", "cooldownPeriod", "coolDownPeriod", "coolDownPeriod"),
    ];
}
