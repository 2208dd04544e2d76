using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Each time to stop lies within the next: hand-off of a shard, shutdown phase, host, kubelet. Otherwise a planned stop is cut off as a kill.</summary>
internal static partial class GracePeriods
{
    public static IEnumerable<string> Check(Manifests manifests) => manifests.Members.SelectMany(w => Of(manifests, w));

    private static IEnumerable<string> Of(Manifests manifests, Workload w)
    {
        if (manifests.ConfigMapOf(w, "cluster-config")?.Data is not { } data || !data.TryGetValue("profiles.plant.hocon", out var profile) || !data.TryGetValue("base.hocon", out var common))
        {
            return [$"{w.Title}: volume cluster-config lacks base.hocon or profiles.plant.hocon; their times can't be compared"];
        }

        var config = ConfigurationFactory.ParseString(profile).WithFallback(ConfigurationFactory.ParseString(common));
        var handOff = config.GetTimeSpan("akka.cluster.sharding.handoff-timeout");
        var phase = config.GetTimeSpan("akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout");
        var grace = TimeSpan.FromSeconds(w.Pod.TerminationGracePeriodSeconds ?? 30);
        return
        [
            .. Unless(handOff < phase, $"{w.Title}: sharding.handoff-timeout {Seconds(handOff)} is not below the phase cluster-sharding-shutdown-region {Seconds(phase)}; lower it"),
            .. Unless(phase < HostTime(), $"{w.Title}: the phase cluster-sharding-shutdown-region {Seconds(phase)} is not below the host's shutdown time {Seconds(HostTime())}; lower it"),
            .. Unless(HostTime() < grace, $"{w.Title}: terminationGracePeriodSeconds {Seconds(grace)} is not above the host's shutdown time {Seconds(HostTime())}; raise it"),
        ];
    }

    /// <summary>From the source: the constant is the program's own, and nothing else needs to see it.</summary>
    private static TimeSpan HostTime()
    {
        var file = Path.Combine(Repository.Root, "src", "Nodes", "Inspection", "Members", "MemberSystem.cs");
        return Constant().Match(File.ReadAllText(file)) is { Success: true } match
            ? TimeSpan.FromSeconds(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{Path.GetRelativePath(Repository.Root, file)} has no ShutdownTimeout = TimeSpan.FromSeconds(...): say here where it went");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    [GeneratedRegex(@"ShutdownTimeout = TimeSpan\.FromSeconds\((\d+)\)")]
    private static partial Regex Constant();
}
