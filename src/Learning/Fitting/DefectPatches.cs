using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Protocol;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Synthetic defects for classes with few real ones: the contrast of a real, masked defect (its grey values less those around it) laid on a
/// good crop, mirrored and moved by seed. A synthetic crop is trained on only where both its images' groups are in training (rule 2 of
/// evaluation.md).
/// </summary>
internal sealed class DefectPatches(int seed)
{
    private readonly List<(DatasetItem Item, float[] Contrast)> _patches = [];
    private SeededRandom _random = new((ulong)seed + 77);

    /// <summary>Keeps the defect's contrast from its crop: [side, side, channels], 0 where the mask is.</summary>
    public void Add(DatasetItem item, byte[] tensor, PreparationSpec spec, DefectMask mask, PixelBox box)
    {
        var (side, channels) = (spec.Width, spec.Channels);
        var inside = new bool[side * side];
        var (sum, count) = (new double[channels], 0);
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = mask.IsDefect(box.X + ((i % side) * box.Width / side), box.Y + (i / side * box.Height / side));
            if (!inside[i])
            {
                count++;
                for (var c = 0; c < channels; c++)
                {
                    sum[c] += tensor[(i * channels) + c];
                }
            }
        }

        // A defect that fills its crop has no surroundings to take a contrast against.
        if (count < side)
        {
            return;
        }

        var contrast = new float[tensor.Length];
        for (var i = 0; i < tensor.Length; i++)
        {
            contrast[i] = inside[i / channels] ? tensor[i] - (float)(sum[i % channels] / count) : 0;
        }

        _patches.Add((item, contrast));
    }

    /// <summary>Synthetic crops of one class: the good image drawn on, and the defect image drawn from.</summary>
    public List<(DatasetItem Ground, DatasetItem Source, byte[] Tensor)> Paste(string label, int wanted, IReadOnlyList<CropTensors> good, PreparationSpec spec)
    {
        var sources = _patches.Where(p => p.Item.Label == label).ToList();
        var made = new List<(DatasetItem, DatasetItem, byte[])>();
        for (var k = 0; k < wanted && sources.Count > 0 && good.Count > 0; k++)
        {
            var source = sources[_random.Below(sources.Count)];
            var ground = good[_random.Below(good.Count)];
            var onto = ground.Crops[_random.Below(ground.Crops.Count)].Tensor;
            var (across, along) = (_random.Below(2) == 1, _random.Below(2) == 1);
            var (side, channels, reach) = (spec.Width, spec.Channels, spec.Width / 8);
            var (dx, dy) = (_random.Below((2 * reach) + 1) - reach, _random.Below((2 * reach) + 1) - reach);
            var tensor = (byte[])onto.Clone();
            for (var y = 0; y < side; y++)
            {
                for (var x = 0; x < side; x++)
                {
                    var (fromX, fromY) = ((across ? side - 1 - x : x) + dx, (along ? side - 1 - y : y) + dy);
                    if (fromX >= 0 && fromY >= 0 && fromX < side && fromY < side)
                    {
                        for (var c = 0; c < channels; c++)
                        {
                            var at = (((y * side) + x) * channels) + c;
                            tensor[at] = (byte)Math.Clamp(tensor[at] + source.Contrast[(((fromY * side) + fromX) * channels) + c], 0, 255);
                        }
                    }
                }
            }

            made.Add((ground.Item, source.Item, tensor));
        }

        return made;
    }
}
