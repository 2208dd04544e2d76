using System.Globalization;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>A model that decided on a line.</summary>
/// <param name="Since">When it was activated, UTC.</param>
/// <param name="Sequence">The record that says so.</param>
/// <param name="Model">Digests, hexadecimal.</param>
/// <param name="SelfApproved">Nobody but the plant itself approved it.</param>
public sealed record ModelInForce(string Stage, string Package, string Model, string Thresholds, string Calibration, string SignatureId, string Approval, bool SelfApproved, string By, string Why, DateTime Since, long Sequence, IReadOnlyDictionary<string, float> Values);

/// <summary>A recipe in force.</summary>
public sealed record RecipeInForce(string Name, IReadOnlyList<string> Views, TimeSpan Deadline, bool HasVerifier, string OnNg, string OnReview, string OnFallback, string By, string Why, DateTime Since, long Sequence);

/// <summary>Who held a station.</summary>
public sealed record StationInForce(string Station, long Epoch, string Holder, DateTime Since);

/// <summary>
/// What was in force on a line at an instant: everything that its records up to then say. The chain up to there is checked on the way.
/// </summary>
public sealed record LineSituation(string Line, DateTime Utc, long LastSequence, DateTime? LastRecord, RecipeInForce? Recipe, IReadOnlyList<ModelInForce> Models, IReadOnlyList<StationInForce> Stations, IReadOnlyList<StationStop> Stops)
{
    /// <exception cref="BrokenChainException">A record up to then is not as it was written.</exception>
    public static LineSituation At(IJournalSource source, LineId line, DateTime utc)
    {
        var (recipe, models, stations) = ((RecipeInForce?)null, new Dictionary<ModelStage, ModelInForce>(), new SortedDictionary<string, StationInForce>(StringComparer.Ordinal));
        var (sequence, last, stops) = (0L, (DateTime?)null, new StationStops());
        foreach (var record in source.Chain(line))
        {
            var at = new DateTime(record.Event.UtcTicks, DateTimeKind.Utc);
            if (at > utc)
            {
                break;
            }

            (sequence, last) = (record.Sequence, at);
            switch (record.Event)
            {
                case RecipeActivated e:
                    recipe = Of(e, at, record.Sequence);
                    break;
                case ModelActivated e:
                    models[e.Policy.Stage] = Of(e, at, record.Sequence);
                    break;
                case EpochGranted e:
                    stations[e.Station.Value] = new StationInForce(e.Station.Value, e.Epoch, e.Holder.Value, at);
                    break;
                case EpochEnded e:
                    _ = stations.Remove(e.Station.Value);
                    break;
                case InterlockChanged e:
                    stops.Apply(e, record.Sequence);
                    break;
            }
        }

        return new LineSituation(line.Value, utc, sequence, last, recipe, [.. models.OrderBy(m => m.Key).Select(m => m.Value)], [.. stations.Values], stops.Now);
    }

    public string ToJson() => AuditJson.ToJson(this);

    public void Print(TextWriter to)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {Line} at {Utc:yyyy-MM-dd HH:mm:ss.fff} UTC: {(LastRecord is { } r ? $"record {LastSequence}, of {r:yyyy-MM-dd HH:mm:ss.fff}, is the last before" : "before its first record: nothing was in force")}"));
        if (Recipe is { } recipe)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  recipe {recipe.Name}: views {string.Join(", ", recipe.Views)}; deadline {recipe.Deadline.TotalMilliseconds:0} ms; NG: {recipe.OnNg}, Review: {recipe.OnReview}, Fallback: {recipe.OnFallback}; activated {recipe.Since:yyyy-MM-dd HH:mm:ss} by {recipe.By} ('{recipe.Why}', record {recipe.Sequence})"));
        }

        foreach (var m in Models)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {m.Stage} model {m.Package} ({m.Model[..12]}): thresholds {m.Thresholds[..12]}, calibration {m.Calibration[..12]}; signed by {m.SignatureId}, {(m.SelfApproved ? "SELF-APPROVED: nobody but the plant itself approved it" : $"approval {m.Approval}")}; activated {m.Since:yyyy-MM-dd HH:mm:ss} by {m.By} ('{m.Why}', record {m.Sequence})"));
            to.WriteLine($"    {string.Join(", ", m.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:R}")))}");
        }

        foreach (var s in Stations)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  station {s.Station}: epoch {s.Epoch}, held by {s.Holder} since {s.Since:yyyy-MM-dd HH:mm:ss}"));
        }

        foreach (var s in Stops)
        {
            to.WriteLine($"  station {s.Station}: the interlock has stopped the line {s}");
        }
    }

    private static RecipeInForce Of(RecipeActivated e, DateTime at, long sequence) => new(
        e.Recipe.Name, [.. e.Recipe.Views.Select(v => $"{v.Station}/{v.Camera}")], e.Recipe.DecisionDeadline, e.Recipe.HasVerifier, e.Recipe.OnNg.ToString(), e.Recipe.OnReview.ToString(), e.Recipe.OnFallback.ToString(), e.By, e.Why, at, sequence);

    private static ModelInForce Of(ModelActivated e, DateTime at, long sequence) => new(
        e.Policy.Stage.ToString(), e.PackageName, e.Policy.ModelDigest.ToString(), e.Policy.ThresholdsDigest.ToString(), e.Policy.CalibrationDigest.ToString(), e.SignatureId, e.Approval, e.Approval == ModelActivated.SelfApproved, e.By, e.Why, at, sequence, PolicyValues.Of(e.Policy));
}
