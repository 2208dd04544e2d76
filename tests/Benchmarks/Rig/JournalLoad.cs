using Google.Protobuf;
using Inspection.Protocol;

namespace Inspection.Benchmarks.Rig;

/// <summary>What one slice of every arm of the journal benchmark stores: one line's conclusions with their evidence.</summary>
internal sealed class JournalLoad
{
    private readonly int[] _sizes; // of the sealed form without its sequence number

    /// <param name="leadIn">Batches of a slice before the clock starts.</param>
    /// <param name="counted">Batches while it runs.</param>
    public JournalLoad(int leadIn, int counted)
    {
        Events = [.. LongStory.Events(Line).OfType<PartConcluded>().Take((leadIn + counted) * JournalFiller.Batch)];
        Rows = [.. Events.Select(new ChainWriter(Line).Seal)];
        _sizes = [.. Rows.Select((r, i) => r.Bytes.Length - CodedOutputStream.ComputeInt64Size(i + 1))];
        LeadIn = leadIn * JournalFiller.Batch;
        Counted = counted * JournalFiller.Batch;
    }

    public LineId Line { get; } = new("bench");

    public IReadOnlyList<ILineEvent> Events { get; }

    /// <summary>The events as the product stores them.</summary>
    public IReadOnlyList<Sealed> Rows { get; }

    /// <summary>So many of a slice's events come before the clock starts.</summary>
    public int LeadIn { get; }

    public int Counted { get; }

    /// <summary>
    /// The same event encoded by the same codec into a record of the same size without chain: what the plugin alone is given. Encoding is the
    /// price of having events, not of the chain.
    /// </summary>
    public Func<ILineEvent, Sealed> Opaque()
    {
        var sequence = 0L;
        return e =>
        {
            var size = _sizes[(int)(sequence++ % _sizes.Length)] + CodedOutputStream.ComputeInt64Size(sequence);
            var stored = new byte[size];
            ProtocolCodec.Encode(e).CopyTo(stored, 0);
            return new Sealed(ProtocolCodec.ManifestOf(e), stored);
        };
    }

    public Func<ILineEvent, Sealed> Chained() => new ChainWriter(Line).Seal;
}
