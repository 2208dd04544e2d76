using Inspection.Decisions.Policy;
using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>What a model says of a frame, and what it says when it is broken.</summary>
internal static class Inference
{
    public static WorkResult Run(Plant plant, long shows, int camera, WorkStage stage, Digest package, int regions)
    {
        var look = Look.Of(shows, camera);
        var stamp = plant.Models.Stamps[package];
        if (stage == WorkStage.Verify)
        {
            var probabilities = new float[regions * 2];
            for (var i = 0; i < regions; i++)
            {
                (probabilities[i * 2], probabilities[(i * 2) + 1]) = (1 - look.Probability, look.Probability);
            }

            if (plant.Faults.Fires(Fault.NotFiniteScore, 0.1))
            {
                probabilities[(plant.Random.Next(regions) * 2) + 1] = Odd(plant);
            }

            return new WorkResult.Looked(stamp, probabilities);
        }

        var (score, ood) = (look.Score, look.Ood);
        if (plant.Faults.Fires(Fault.NotFiniteScore, 0.1))
        {
            _ = plant.Random.Chance(0.5) ? score = Odd(plant) : ood = Odd(plant);
        }

        var policy = plant.Models.Coarse[0];
        PixelBox[] boxes = plant.Shape.HasVerifier && ViewPolicy.IsCandidate(score, policy) ? [.. Enumerable.Range(0, look.Regions).Select(i => new PixelBox(i * 10, 0, 8, 8))] : [];
        return new WorkResult.Scored(score, ood, stamp, boxes, new float[boxes.Length]);
    }

    private static float Odd(Plant plant) => plant.Random.Next(3) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        _ => float.NegativeInfinity,
    };
}
