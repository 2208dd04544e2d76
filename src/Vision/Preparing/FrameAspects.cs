namespace Inspection.Vision.Preparing;

/// <summary>
/// Preparation of frames that each keep their aspect (<see cref="AspectRule.Frame"/>): one <see cref="Preparer"/> for each tensor size seen,
/// of which there are a few dozen at most.
/// </summary>
internal sealed class FrameAspects(PreparationSpec spec)
{
    private readonly Dictionary<(int Width, int Height), Preparer> _bySize = [];
    private (int Width, int Height, Preparer Preparer) _last;

    public PreparedGeometry Run(ReadOnlySpan<byte> pixels, int width, int height, int channels, Span<byte> tensor)
    {
        if (_last.Preparer is null || _last.Width != width || _last.Height != height)
        {
            var box = FrameRegions.Crop(spec.Crop, width, height);
            var size = TensorSize.For((double)box.Width / box.Height, spec.Width * spec.Height);
            if (!_bySize.TryGetValue(size, out var preparer))
            {
                preparer = new Preparer(spec with { Width = size.Width, Height = size.Height, Aspect = AspectRule.Fixed });
                _bySize.Add(size, preparer);
            }

            _last = (width, height, preparer);
        }

        var geometry = _last.Preparer.Run(pixels, width, height, channels, tensor);

        // Every byte of the slot's tensor is written, so that its digest depends on the frame alone.
        tensor[_last.Preparer.Spec.TensorLength..spec.TensorLength].Clear();
        return geometry;
    }
}
