namespace Inspection.Learning.Fitting;

/// <summary>
/// The say that an image's out-of-distribution residual (<see cref="OodModel"/>) has in its score: Weight * (residual - Centre) is added to each
/// of its patch distances, so that the score stays the mean of the map's largest few. It finds what no single patch shows, such as an uneven
/// surface. Centre and scale come from held-out good images, so on a usual good image the vote is near zero.
/// </summary>
internal sealed record ResidualVote(float Weight, float Centre)
{
    /// <summary>One standard deviation of the residual counts as this many of the patch score.</summary>
    private const double Share = 0.25;

    /// <summary>Fewer held-out images tell no standard deviation: no vote.</summary>
    private const int LeastImages = 4;

    public static readonly ResidualVote None = new(0, 0);

    /// <param name="scores">Patch scores of held-out good images.</param>
    /// <param name="residuals">Their residuals, in the same order.</param>
    public static ResidualVote Of(IReadOnlyList<float> scores, IReadOnlyList<float> residuals)
    {
        var (spread, centre) = (Deviation(residuals), residuals.Average());
        return scores.Count < LeastImages || spread <= 1e-6 ? None : new ResidualVote((float)(Share * Deviation(scores) / spread), centre);
    }

    public float For(float residual) => Weight * (residual - Centre);

    private static double Deviation(IReadOnlyList<float> values)
    {
        var mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
