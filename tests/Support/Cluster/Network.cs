using System.Diagnostics;
using System.Globalization;

namespace Inspection.Tests.Support.Cluster;

/// <summary>
/// Network namespaces on one bridge: each node has an address of its own and can be cut off from the others while it still reaches the
/// database on the bridge itself. Needs root and iproute2; fails with the reason otherwise.
/// </summary>
public sealed class Network : IDisposable
{
    private const string Bridge = "insp0";
    private const string Made = "/run/netns";
    private int _nodes;

    public Network(int nodes)
    {
        Remove();
        Ip($"link add {Bridge} type bridge");
        Ip($"addr add {HostAddress}/24 dev {Bridge}");
        Ip($"link set {Bridge} up");
        for (var i = 1; i <= nodes; i++)
        {
            _ = Add();
        }
    }

    /// <summary>Where the database listens.</summary>
    public static string HostAddress => "10.77.0.254";

    public static string Subnet => "10.77.0.0/24";

    public static string Namespace(int node) => string.Create(CultureInfo.InvariantCulture, $"insp-{node}");

    public static string Address(int node) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{node}");

    /// <summary>One namespace more.</summary>
    /// <returns>Its number, from 1.</returns>
    public int Add()
    {
        var i = ++_nodes;
        Ip($"netns add {Namespace(i)}");
        Ip($"link add insp{i}h type veth peer name insp{i}n");
        Ip($"link set insp{i}h master {Bridge} up");
        Ip($"link set insp{i}n netns {Namespace(i)}");
        Ip($"-n {Namespace(i)} addr add {Address(i)}/24 dev insp{i}n");
        Ip($"-n {Namespace(i)} link set insp{i}n up");
        Ip($"-n {Namespace(i)} link set lo up");
        return i;
    }

    /// <summary>From now on the node and the others don't hear each other.</summary>
    public void CutOff(int node)
    {
        for (var other = 1; other <= _nodes; other++)
        {
            if (other != node)
            {
                Ip($"-n {Namespace(node)} route add blackhole {Address(other)}/32");
            }
        }
    }

    public void Heal(int node)
    {
        for (var other = 1; other <= _nodes; other++)
        {
            if (other != node)
            {
                Ip($"-n {Namespace(node)} route del blackhole {Address(other)}/32");
            }
        }
    }

    public void Dispose() => Remove();

    private static void Remove()
    {
        foreach (var place in Directory.Exists(Made) ? Directory.GetFiles(Made, "insp-*") : [])
        {
            _ = Run($"netns del {Path.GetFileName(place)}");
        }

        // a namespace can outlive its name, and its cable with it
        foreach (var cable in Directory.GetDirectories("/sys/class/net", "insp*h").Append(Bridge))
        {
            _ = Run($"link del {Path.GetFileName(cable)}");
        }
    }

    private static void Ip(string arguments)
    {
        if (Run(arguments) is { } error)
        {
            throw new InvalidOperationException($"ip {arguments}: {error.Trim()} (this test makes network namespaces: it needs root and iproute2)");
        }
    }

    /// <summary>What it said where it failed; null where it did not.</summary>
    private static string? Run(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error;
    }
}
