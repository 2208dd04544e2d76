using System.Collections.Concurrent;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Drawn and prepared frames as tickets, as a camera's graph would hand them to the dispatcher.</summary>
internal sealed class PlaneFrames : IDisposable
{
    public static readonly CameraId Camera = new("c1");
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly SyntheticCamera _camera = new(new SyntheticLine(new SyntheticOptions { Width = FittedModels.Side, Height = FittedModels.Side, Seed = 9, DefectRate = 0.5 }), 0);
    private readonly Preparer _preparer;
    private readonly LineModels _models;
    private readonly MonotonicClock _clock;

    public PlaneFrames(LineModels models, int slots = 64, MonotonicClock? clock = null)
    {
        (_models, _clock) = (models, clock ?? MonotonicClock.System);
        _preparer = new Preparer(models.Coarse.Manifest.Preparation);
        Ring = new FrameRing(slots, FittedModels.Side * FittedModels.Side * 3, models.Coarse.Manifest.Preparation.TensorLength);
    }

    public LineModels Models => _models;

    public FrameRing Ring { get; }

    /// <summary>Tickets that ended, in order.</summary>
    public ConcurrentQueue<FrameTicket> Ended { get; } = new();

    /// <summary>Part so and so, drawn, prepared and ready for the coarse stage.</summary>
    public FrameTicket Take(int part, TimeSpan? deadline = null)
    {
        Assert.True(Ring.TryRent(out var slot), "the test's ring is too small");
        var id = $"part-{part:D8}";
        Assert.Equal(Vision.Cameras.CaptureResult.Captured, _camera.Capture(id, slot));
        _ = _preparer.Run(slot);
        var ticket = new FrameTicket();
        ticket.Begin(new TriggerKey(new LineId("l1"), new StationId("s1"), 1, part), id, _clock.Now + (deadline ?? Deadline), 42, _models);
        (ticket.Slot, ticket.Generation, ticket.TensorDigest, ticket.Done) = (slot, slot.Generation, Digest.Of(slot.Tensor), Ended.Enqueue);
        return ticket;
    }

    public async Task<IReadOnlyList<FrameTicket>> EndedAsync(int count, string what)
    {
        _ = await Eventually.SeesAsync(() => Task.FromResult(Ended.Count), n => n >= count, $"{count} {what}");
        return [.. Ended.OrderBy(t => t.Key.Counter)];
    }

    /// <summary>Their records, after which the slots are free.</summary>
    public static ViewEvidence[] Records(IEnumerable<FrameTicket> tickets) => [.. tickets.Select(t => t.ToEvidence(Camera))];

    /// <summary>Candidates go round again, to a verifier.</summary>
    public IReadOnlyList<FrameTicket> Candidates(IEnumerable<FrameTicket> scored)
    {
        var candidates = scored.Where(t => t.RegionCount > 0).ToArray();
        Ended.Clear();
        foreach (var ticket in candidates)
        {
            ticket.Stage = WorkStage.Verify;
        }

        return candidates;
    }

    public void Dispose() => Ring.Dispose();
}
