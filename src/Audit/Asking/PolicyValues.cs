using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>The thresholds of a model by their names in package.json, and a policy with some of them changed.</summary>
public static class PolicyValues
{
    private static readonly IReadOnlyDictionary<string, (ModelStage Stage, Func<ModelPolicy, float> Get, Func<ModelPolicy, float, ModelPolicy> With)> Known =
        new Dictionary<string, (ModelStage, Func<ModelPolicy, float>, Func<ModelPolicy, float, ModelPolicy>)>
        {
            ["candidate"] = (ModelStage.Coarse, p => p.Candidate, (p, v) => p with { Candidate = v }),
            ["reject"] = (ModelStage.Coarse, p => p.Reject, (p, v) => p with { Reject = v }),
            ["clear_limit"] = (ModelStage.Coarse, p => p.ClearLimit, (p, v) => p with { ClearLimit = v }),
            ["ood_limit"] = (ModelStage.Coarse, p => p.OodLimit, (p, v) => p with { OodLimit = v }),
            ["tolerance"] = (ModelStage.Coarse, p => p.Tolerance, (p, v) => p with { Tolerance = v }),
            ["ng_probability"] = (ModelStage.Verifier, p => p.NgProbability, (p, v) => p with { NgProbability = v }),
            ["ok_probability"] = (ModelStage.Verifier, p => p.OkProbability, (p, v) => p with { OkProbability = v }),
        };

    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    public static IReadOnlyDictionary<string, float> Of(ModelPolicy policy) => Known.Where(k => k.Value.Stage == policy.Stage).ToDictionary(k => k.Key, k => k.Value.Get(policy));

    /// <summary>The policy with those of the values that are of its stage.</summary>
    /// <exception cref="KeyNotFoundException">A name that is none of <see cref="Names"/>.</exception>
    public static ModelPolicy With(ModelPolicy policy, IReadOnlyDictionary<string, float> values) =>
        values.Aggregate(policy, (p, v) => Known[v.Key].Stage == p.Stage ? Known[v.Key].With(p, v.Value) : p);
}
