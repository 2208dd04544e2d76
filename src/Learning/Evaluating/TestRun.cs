using Inspection.Learning.Datasets;
using Inspection.Vision.Work;

namespace Inspection.Learning.Evaluating;

/// <summary>Every test picture through the models, with the backbone's own time measured in between.</summary>
internal sealed class TestRun(EvaluationRequest request)
{
    /// <summary>A session's first runs allocate and page in: not counted.</summary>
    private const int WarmUp = 3;

    private readonly int _room = FrameRoom.For(request.Data.Test);

    public List<double> BackboneAt256 { get; } = [];

    public List<double> BackboneAtInput { get; } = [];

    public IReadOnlyList<EvaluatedImage> All(CancellationToken cancel) => Of(request.Models, request.Data.RequireTest(), 0, cancel);

    /// <param name="done">Pictures done before this call, for the progress.</param>
    public IReadOnlyList<EvaluatedImage> Of(LineModels models, IReadOnlyList<DatasetItem> items, int done, CancellationToken cancel)
    {
        using var inspector = new ImageInspector(models, request.Data.Root, _room);
        foreach (var item in items.Take(WarmUp))
        {
            _ = inspector.Inspect(item);
            _ = request.Backbone?.RunAt256();
            _ = request.Backbone?.RunAtInput();
        }

        List<EvaluatedImage> images = [];
        foreach (var item in items)
        {
            cancel.ThrowIfCancellationRequested();
            images.Add(inspector.Inspect(item));
            if (request.Backbone is { } backbone)
            {
                BackboneAt256.Add(backbone.RunAt256());
                BackboneAtInput.Add(backbone.RunAtInput());
            }

            request.Progress(done + images.Count, request.Data.Test.Count);
        }

        return images;
    }
}
