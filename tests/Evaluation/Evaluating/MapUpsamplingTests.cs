using Inspection.Learning.Evaluating;
using Inspection.Protocol;
using Inspection.Vision.Preparing;
using Xunit;

namespace Inspection.Evaluation.Tests.Evaluating;

public sealed class MapUpsamplingTests
{
    [Fact]
    public void Cell_centres_keep_their_values_and_between_them_it_is_linear()
    {
        var target = new float[8];
        MapUpsampling.Fill([0, 4], 2, 1, PreparedGeometry.OfBox(8, 1, new PixelBox(0, 0, 8, 1), 16, 2), target);
        Assert.Equal([0, 0, 0.5f, 1.5f, 2.5f, 3.5f, 4, 4], target);
    }

    [Fact]
    public void What_the_model_did_not_look_at_is_least_suspicious()
    {
        var target = new float[6];
        MapUpsampling.Fill([5, 7], 2, 1, PreparedGeometry.OfBox(6, 1, new PixelBox(2, 0, 2, 1), 4, 4), target);
        Assert.Equal([5, 5, 5, 7, 5, 5], target);
    }

    [Fact]
    public void A_turned_part_gets_its_map_turned_back()
    {
        // the tensor is the frame turned by a quarter: tensor x runs down the frame
        var geometry = new PreparedGeometry(2, 2, 2, 2, new AffineMap(0, -1, 2, 1, 0, 0), AlignmentOutcome.Aligned);
        var target = new float[4];
        MapUpsampling.Fill([1, 2, 3, 4], 2, 2, geometry, target);
        Assert.Equal([3, 1, 4, 2], target);
    }
}
