using System.Threading.Channels;
using Inspection.Decisions.Policy;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Inspection.Vision.Archive;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Archive;

/// <summary>
/// Rule J10: a node's way into the frame archive. A camera's thread copies a frame into the spool and learns its digest before the evidence
/// leaves; encoding and deleting follow the conclusion, one after the other. No decision waits for it: where the disk refuses, the
/// record names no frame, and <see cref="Trouble"/> says why.
/// </summary>
public sealed class FrameArchivist : IAsyncDisposable
{
    private readonly FrameArchive _archive;
    private readonly FrameSpool _spool;
    private readonly double _okSample;
    private readonly Action<string> _warn;
    private readonly Channel<(Digest Frame, bool Keep)> _concluded = Channel.CreateUnbounded<(Digest, bool)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _work;
    private readonly NodeMetrics _metrics;
    private string? _trouble;

    /// <param name="archive">Where frames are kept.</param>
    /// <param name="spool">This node's own; what an earlier life left there is kept.</param>
    /// <param name="okSample">The share of OK parts' frames that are kept, 0 to 1.</param>
    /// <param name="metrics">The node's.</param>
    /// <param name="warn">Told when keeping begins to fail.</param>
    public FrameArchivist(FrameArchive archive, FrameSpool spool, double okSample, NodeMetrics metrics, Action<string> warn)
    {
        (_archive, _spool, _okSample, _metrics, _warn) = (archive, spool, okSample, metrics, warn);
        foreach (var left in spool.Left())
        {
            Keep(left);
        }

        _work = Task.Run(WorkAsync);
    }

    /// <summary>What failed last; null: nothing does.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>On the camera's thread, before its evidence leaves.</summary>
    public void Copy(FrameTicket ticket, FrameCopy copy, ReadOnlySpan<FractionBox> masks)
    {
        if (ticket.Slot is not { } slot)
        {
            return;
        }

        try
        {
            var (frame, raw) = copy.Of(slot, masks);
            _spool.Write(frame, raw.Span);
            ticket.Copied(frame, FrameRetention.IsSampled(frame, _okSample));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed($"a frame could not be copied: {e.Message}");
        }
    }

    public void Keep(Digest frame) => _ = _concluded.Writer.TryWrite((frame, true));

    public void Drop(Digest frame) => _ = _concluded.Writer.TryWrite((frame, false));

    /// <summary>Finishes what is concluded.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _concluded.Writer.TryComplete();
        await _work;
    }

    private async Task WorkAsync()
    {
        await foreach (var (frame, keep) in _concluded.Reader.ReadAllAsync())
        {
            try
            {
                if (keep)
                {
                    _archive.Write(frame, _spool.Read(frame).ToFile());
                    _metrics.FrameArchived(kept: true);
                }

                _spool.Drop(frame);
                Volatile.Write(ref _trouble, null);
            }
            catch (Exception e) when (e is FrameArchiveException or IOException or UnauthorizedAccessException)
            {
                // it stays in the spool: the node's next start tries again
                Failed($"frame {frame.Short} could not be kept: {e.Message}");
            }
        }
    }

    private void Failed(string what)
    {
        _metrics.FrameArchived(kept: false);
        if (Interlocked.Exchange(ref _trouble, what) is null)
        {
            _warn($"frame archive: {what}; decisions go on without it");
        }
    }
}
