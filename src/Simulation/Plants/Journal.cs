using Inspection.Protocol;
using Inspection.Simulation.Engine;
using Inspection.Simulation.Faults;

namespace Inspection.Simulation.Plants;

/// <summary>
/// The database: one table of records with the unique sequence that fences a second writer (rule J6), and the line's last snapshot. A batch is
/// there as a whole or not at all. What was acknowledged is never lost.
/// </summary>
internal sealed class Journal(Plant plant, Node node)
{
    private readonly List<Sealed> _records = [];
    private TimeSpan _fullUntil;
    private TimeSpan _slowUntil;
    private TimeSpan _stalledUntil;
    private TimeSpan _freeAt;

    public Node Node => node;

    public IReadOnlyList<Sealed> Records => _records;

    public byte[]? Snapshot { get; set; }

    public void FillDisk(TimeSpan time) => _fullUntil = plant.Now + time;

    public void SlowDisk(TimeSpan time) => _slowUntil = plant.Now + time;

    /// <summary>No answer to anything until then; what was asked is done after it.</summary>
    public void Stall(TimeSpan time)
    {
        plant.Trace.Say("journal", $"stalls for {time.Ticks} ticks");
        _stalledUntil = plant.Now + time;
    }

    /// <summary>The next commits are stored and their replies lost.</summary>
    public int LoseReplies { get; set; }

    public void Heal() => (_fullUntil, _slowUntil, _stalledUntil, LoseReplies) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0);

    /// <param name="from">The writer's node.</param>
    /// <param name="first">Sequence of the first record.</param>
    /// <param name="batch">Sealed.</param>
    /// <param name="reply">Null where it is committed, else why not.</param>
    public void Write(Node from, long first, IReadOnlyList<Sealed> batch, Action<string?> reply) =>
        plant.Network.Send(from, node, Wire.Stream, "write", () => plant.At(Ready(), node, () =>
        {
            if (_fullUntil > plant.Now)
            {
                plant.Faults.Count(Fault.FullDisk);
                Reply(from, () => reply("the disk is full"));
                return;
            }

            if (first <= _records.Count)
            {
                plant.Trace.Say("journal", $"refuses record {first}, it has {_records.Count}");
                Reply(from, () => reply($"record {first} is there already"));
                return;
            }

            _records.AddRange(batch);
            plant.Trace.Say("journal", $"commits {batch.Count} records to {_records.Count}");
            plant.Auditor.Committed(first, batch);
            if (LoseReplies > 0 || plant.Faults.Fires(Fault.CommitThenTimeout, 0.05))
            {
                LoseReplies -= LoseReplies > 0 ? 1 : 0;
                return;
            }

            Reply(from, () => reply(null));
        }));

    /// <summary>All records as they are when it answers, after the snapshot or all of them.</summary>
    public void Read(Node from, Action<IReadOnlyList<Sealed>, byte[]?> reply) =>
        plant.Network.Send(from, node, Wire.Stream, "read", () => plant.At(Ready(), node, () =>
        {
            Sealed[] all = [.. _records];
            var snapshot = plant.Random.Chance(0.1) ? null : Snapshot;
            Reply(from, () => reply(all, snapshot));
        }));

    private void Reply(Node to, Action arrive) => plant.Network.Send(node, to, Wire.Stream, "reply", arrive);

    /// <summary>One after the other, as fast as its disk is now.</summary>
    private TimeSpan Ready()
    {
        var takes = plant.Random.Ms(1, 8);
        if (_slowUntil > plant.Now)
        {
            plant.Faults.Count(Fault.SlowDisk);
            takes += plant.Random.Ms(100, 1200);
        }

        var from = _freeAt > plant.Now ? _freeAt : plant.Now;
        from = from > _stalledUntil ? from : _stalledUntil;
        _freeAt = from + takes;
        return _freeAt - plant.Now;
    }
}
