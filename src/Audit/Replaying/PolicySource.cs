using Inspection.Decisions.Packages;
using Inspection.Protocol;

namespace Inspection.Audit.Replaying;

/// <summary>Whose thresholds a replay uses. That a model was approved on a line is always the journal's word.</summary>
public interface IPolicySource
{
    /// <summary>The policy to judge with where the journal activated <paramref name="activated"/>.</summary>
    ModelPolicy PolicyFor(ModelPolicy activated);
}

/// <summary>The thresholds as the journal's own ModelActivated records hold them.</summary>
public sealed class JournalPolicies : IPolicySource
{
    public ModelPolicy PolicyFor(ModelPolicy activated) => activated;
}

/// <summary>
/// The thresholds of model packages on disk, by model digest; the journal's for models that no package is given for. Packages are read
/// without their signature: a changed threshold is to be replayed and reported, not refused.
/// </summary>
public sealed class PackagePolicies : IPolicySource
{
    private readonly Dictionary<Digest, List<ModelPolicy>> _byModel = [];

    private PackagePolicies()
    {
    }

    /// <summary>How many packages were read.</summary>
    public int Count => _byModel.Values.Sum(p => p.Count);

    /// <param name="folders">Each a package (holds package.json) or a folder of packages.</param>
    /// <exception cref="FormatException">No package there, or a package.json that gives no policy; names the file.</exception>
    public static PackagePolicies FromFolders(IEnumerable<string> folders)
    {
        var policies = new PackagePolicies();
        foreach (var file in folders.SelectMany(Files))
        {
            var policy = Read(file);
            if (!policies._byModel.TryGetValue(policy.ModelDigest, out var same))
            {
                policies._byModel[policy.ModelDigest] = same = [];
            }

            same.Add(policy);
        }

        return policies;
    }

    /// <summary>The package with the activated thresholds, else the last one given for that model.</summary>
    public ModelPolicy PolicyFor(ModelPolicy activated) => _byModel.TryGetValue(activated.ModelDigest, out var given)
        ? given.Find(p => p.ThresholdsDigest == activated.ThresholdsDigest) ?? given[^1]
        : activated;

    private static IReadOnlyList<string> Files(string folder)
    {
        var own = Path.Combine(folder, "package.json");
        if (File.Exists(own))
        {
            return [own];
        }

        var below = Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "package.json")).Where(File.Exists).ToList()
            : throw new FormatException($"there is no folder {folder}: give a model package or a folder of them");
        return below.Count > 0 ? below : throw new FormatException($"{folder} is no model package and holds none: there is no package.json in it");
    }

    private static ModelPolicy Read(string file)
    {
        try
        {
            return ModelPolicyReader.FromManifest(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }
}
