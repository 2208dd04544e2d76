using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Recipes and model policies.</summary>
internal static class RecipeCodec
{
    public static Wire.Recipe ToWire(Recipe recipe) => new()
    {
        Name = recipe.Name,
        Views = { recipe.Views.Select(v => new Wire.RequiredView { Station = Name(v.Station), Camera = Name(v.Camera) }) },
        DecisionDeadlineTicks = recipe.DecisionDeadline.Ticks,
        HasVerifier = recipe.HasVerifier,
        OnNg = (Wire.Disposition)Number(recipe.OnNg),
        OnReview = (Wire.Disposition)Number(recipe.OnReview),
        OnFallback = (Wire.Disposition)Number(recipe.OnFallback),
        ByDefect = { recipe.ByDefect.Select(d => new Wire.DefectDisposition { DefectClass = d.DefectClass, Disposition = (Wire.Disposition)Number(d.Disposition) }) },
    };

    public static Recipe FromWire(Wire.Recipe? wire) => wire is null
        ? throw new ArgumentException("the recipe is missing")
        : new Recipe
        {
            Name = wire.Name,
            Views = wire.Views.Select(v => new RequiredView(new StationId(v.Station), new CameraId(v.Camera))).ToEquatableList(),
            DecisionDeadline = TimeSpan.FromTicks(wire.DecisionDeadlineTicks),
            HasVerifier = wire.HasVerifier,
            OnNg = Member<Disposition>((int)wire.OnNg),
            OnReview = Member<Disposition>((int)wire.OnReview),
            OnFallback = Member<Disposition>((int)wire.OnFallback),
            ByDefect = wire.ByDefect.Select(d => new DefectDisposition(d.DefectClass, Member<Disposition>((int)d.Disposition))).ToEquatableList(),
        };

    public static Wire.ModelPolicy ToWire(ModelPolicy policy) => new()
    {
        ModelDigest = Bytes(policy.ModelDigest),
        Stage = (Wire.ModelStage)Number(policy.Stage),
        ThresholdsDigest = Bytes(policy.ThresholdsDigest),
        CalibrationDigest = Bytes(policy.CalibrationDigest),
        CandidateBits = Bits(policy.Candidate),
        RejectBits = Bits(policy.Reject),
        ClearLimitBits = Bits(policy.ClearLimit),
        OodLimitBits = Bits(policy.OodLimit),
        ToleranceBits = Bits(policy.Tolerance),
        NgProbabilityBits = Bits(policy.NgProbability),
        OkProbabilityBits = Bits(policy.OkProbability),
    };

    public static ModelPolicy FromWire(Wire.ModelPolicy? wire) => wire is null
        ? throw new ArgumentException("the model policy is missing")
        : new ModelPolicy
        {
            ModelDigest = Digest(wire.ModelDigest),
            Stage = Member<ModelStage>((int)wire.Stage),
            ThresholdsDigest = Digest(wire.ThresholdsDigest),
            CalibrationDigest = Digest(wire.CalibrationDigest),
            Candidate = Float(wire.CandidateBits),
            Reject = Float(wire.RejectBits),
            ClearLimit = Float(wire.ClearLimitBits),
            OodLimit = Float(wire.OodLimitBits),
            Tolerance = Float(wire.ToleranceBits),
            NgProbability = Float(wire.NgProbabilityBits),
            OkProbability = Float(wire.OkProbabilityBits),
        };
}
