using System.Globalization;

namespace Inspection.Nodes.Supervisor;

/// <summary>How a plant's log is. Written by its builder, read by whoever asks.</summary>
/// <param name="Leaves">Journalled.</param>
/// <param name="Signed">Leaves under the last checkpoint.</param>
/// <param name="Cosigned">Leaves under the last checkpoint that a witness has cosigned; null: no witness is named.</param>
/// <param name="Trouble">What keeps it from being whole; null: nothing.</param>
public sealed record LogReport(long Leaves, long Signed, long? Cosigned, string? Trouble)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"log: {Leaves} leaves, {Signed} signed, {(Cosigned is { } c ? $"{c} cosigned" : "no witness is named")}{(Trouble is null ? "" : $"; {Trouble}")}");
}

/// <summary>The last report of this process's builder.</summary>
public sealed class LogHealth
{
    private volatile LogReport? _report;

    /// <summary>Null: no builder runs here, or it has not begun.</summary>
    public LogReport? Report
    {
        get => _report;
        set => _report = value;
    }
}
