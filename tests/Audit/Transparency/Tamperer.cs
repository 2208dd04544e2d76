using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>What was done to a plant's records.</summary>
/// <param name="Touched">The record that a change touches; null where it is about none of a line.</param>
internal sealed record Tampering(string What, (LineId Line, long Sequence)? Touched);

/// <summary>
/// Changes records as somebody would who can write everything that is stored, and holds neither of the two private keys. The clever one computes
/// every hash downstream anew: chains of lines, leaves, the log's own chain.
/// </summary>
internal sealed class Tamperer(LoggedPlant plant, Random random)
{
    private static readonly Func<Tamperer, bool, Tampering>[] Kinds =
    [
        (t, clever) => t.FlipALine(clever),
        (t, clever) => t.FlipTheLog(clever),
        (t, clever) => t.Delete(clever),
        (t, clever) => t.Reorder(clever),
        (t, clever) => t.Truncate(clever),
        (t, clever) => t.Swap(clever),
        (t, clever) => t.ForgeACheckpoint(clever),
        (t, clever) => t.SplitView(clever),
        (t, clever) => t.DropTheWitness(clever),
    ];

    public static int KindCount => Kinds.Length;

    public Tampering Do(int kind, bool clever) => Kinds[kind](this, clever);

    private Tampering FlipALine(bool clever)
    {
        var (line, place) = AnyRecord();
        var records = plant.Of(line);
        if (clever)
        {
            records[place] = Changed(line, records[place]);
            Reseal(line, place);
        }
        else
        {
            records[place] = Flipped(records[place]);
        }

        return Mended($"a change in record {place + 1} of line {line}", clever, line, place);
    }

    private Tampering FlipTheLog(bool clever)
    {
        var place = random.Next(plant.Log.Count);
        if (!clever)
        {
            plant.Log[place] = Flipped(plant.Log[place]);
            return new Tampering($"a bit of record {place + 1} of the log", null);
        }

        // a leaf that says something else
        var extended = Places<LogExtended>();
        place = extended[random.Next(extended.Count)];
        var e = (LogExtended)Event(LogChain.Id, plant.Log[place]);
        var extents = e.Extents.ToArray();
        var i = random.Next(extents.Length);
        extents[i] = extents[i] with { Head = Digest.Of([(byte)random.Next(256), 7]) };
        ResealLog(e, e with { Extents = extents.ToEquatableList() });
        return new Tampering($"another hash in a leaf of record {place + 1} of the log", null);
    }

    private Tampering Delete(bool clever)
    {
        var (line, place) = AnyRecord();
        plant.Of(line).RemoveAt(place);
        if (clever)
        {
            Reseal(line, place);
        }

        return Mended($"record {place + 1} of line {line} deleted", clever, line, place);
    }

    private Tampering Reorder(bool clever)
    {
        var (line, place) = AnyRecord(last: false);
        var records = plant.Of(line);
        (records[place], records[place + 1]) = (records[place + 1], records[place]);
        if (clever)
        {
            Reseal(line, place);
        }

        return Mended($"records {place + 1} and {place + 2} of line {line} changed over", clever, line, place);
    }

    private Tampering Truncate(bool clever)
    {
        var (line, place) = AnyRecord();
        plant.Of(line).RemoveRange(place, plant.Of(line).Count - place);
        return Mended($"line {line} cut before record {place + 1}", clever, line, place);
    }

    private Tampering Swap(bool clever)
    {
        var (from, to) = random.Next(2) == 0 ? (plant.Lines[0], plant.Lines[1]) : (plant.Lines[1], plant.Lines[0]);
        int place;
        do
        {
            place = random.Next(Math.Min(plant.Of(from).Count, plant.Of(to).Count));
        }
        while (Event(from, plant.Of(from)[place]).Equals(Event(to, plant.Of(to)[place]))); // both begin with the same recipe

        plant.Of(to)[place] = clever ? Moved(from, to, plant.Of(from)[place]) : plant.Of(from)[place];
        if (clever)
        {
            Reseal(to, place);
        }

        return Mended($"record {place + 1} of line {from} in its place in line {to}", clever, to, place);
    }

    /// <summary>The last checkpoint, signed by a key of the forger's: with the log's name on it, or recorded as a rotation.</summary>
    private Tampering ForgeACheckpoint(bool clever)
    {
        using var forger = NoteSigner.Open(LoggedPlant.Origin, NoteKeyKind.Ed25519, NoteSigner.NewKey());
        var places = Places<LogSigned>();
        var place = places[random.Next(places.Count)];
        var events = LogEvents();
        var signed = (LogSigned)events[place];
        var note = SignedNote.Parse(signed.Note);
        events[place] = signed with { Note = new SignedNote(note.Text, [forger.Sign(note.Text, DateTimeOffset.UnixEpoch)]).ToString() };
        if (clever)
        {
            events.Insert(place, new LogKeyChanged(signed.UtcTicks, forger.Verifier.ToString()));
        }

        ResealLog(events);
        return new Tampering($"checkpoint {place + 1} of the log signed by a forger{(clever ? ", and a rotation to that key" : "")}", null);
    }

    /// <summary>Another history of one line, from a record on, with leaves and unsigned heads of its own; every checkpoint after it is gone.</summary>
    private Tampering SplitView(bool clever)
    {
        var (line, place) = AnyRecord();
        plant.Of(line)[place] = Changed(line, plant.Of(line)[place]);
        Reseal(line, place);
        var leaf = RemakeLeaves();
        var events = LogEvents();
        var cut = events.FindIndex(e => e is LogSigned s && s.Size > leaf);
        for (var i = events.Count - 1; cut >= 0 && i >= cut; i--)
        {
            if (events[i] is LogSigned)
            {
                events.RemoveAt(i);
            }
        }

        if (clever && cut >= 0)
        {
            events.RemoveRange(cut, events.Count - cut); // and the log ends there
        }

        ResealLog(events);
        return new Tampering($"another history of line {line} from record {place + 1}, and no checkpoint over it", null);
    }

    private Tampering DropTheWitness(bool clever)
    {
        var events = LogEvents();
        var from = clever ? 0 : events.FindLastIndex(e => e is LogSigned);
        for (var i = from; i < events.Count; i++)
        {
            if (events[i] is LogSigned signed)
            {
                var note = SignedNote.Parse(signed.Note);
                events[i] = signed with { Note = new SignedNote(note.Text, [note.Signatures[0]]).ToString() };
            }
        }

        ResealLog(events);
        return new Tampering($"the witness's signatures taken off {(clever ? "every" : "the last")} checkpoint", null);
    }

    /// <summary>Half of the clever ones leave the log as it is, the others make its leaves fit.</summary>
    private Tampering Mended(string what, bool clever, LineId line, int place)
    {
        var remade = clever && random.Next(2) == 0;
        var isCut = place >= plant.Of(line).Count; // then no record is there to be named, nor a leaf of it
        if (remade)
        {
            _ = RemakeLeaves();
        }

        return new Tampering($"{what}{(clever ? ", the chain made anew" : "")}{(remade ? ", and the leaves" : "")}", remade && isCut ? null : (line, place + 1));
    }

    /// <summary>Leaves that fit the lines as they are now; those behind a line's end are gone.</summary>
    /// <returns>The first leaf that became another.</returns>
    private long RemakeLeaves()
    {
        var (events, first, leaves) = (LogEvents(), long.MaxValue, 0L);
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not LogExtended e)
            {
                continue;
            }

            var extents = new List<LogExtent>();
            foreach (var old in e.Extents)
            {
                var to = Math.Min(old.To, plant.Of(old.Line).Count);
                var made = to < old.From ? null : old with { To = to, Head = Digest.Of(plant.Of(old.Line)[(int)to - 1].Bytes.Span) };
                first = made == old ? first : Math.Min(first, leaves + extents.Count);
                extents.AddRange(made is null ? [] : [made]);
            }

            events[i] = e with { FirstLeaf = leaves, Extents = extents.ToEquatableList() };
            leaves += extents.Count;
        }

        ResealLog(events);
        return first;
    }

    private (LineId Line, int Place) AnyRecord(bool last = true)
    {
        var line = plant.Lines[random.Next(plant.Lines.Count)];
        return (line, random.Next(plant.Of(line).Count - (last ? 0 : 1)));
    }

    private List<int> Places<T>() => [.. LogEvents().Select((e, i) => (e, i)).Where(x => x.e is T).Select(x => x.i)];

    private List<ILineEvent> LogEvents() => [.. plant.Log.Select(r => Event(LogChain.Id, r))];

    private static ILineEvent Event(LineId line, Sealed record) => ChainReader.Peek(line, 0, record.Bytes);

    private Sealed Flipped(Sealed record)
    {
        var bytes = record.Bytes.ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return record with { Bytes = bytes };
    }

    /// <summary>The same record a tenth of a microsecond later: the smallest change of what it says.</summary>
    private static Sealed Changed(LineId line, Sealed record) => new ChainWriter(line).Seal(Later((dynamic)Event(line, record)));

    private static T Later<T>(T e)
        where T : class, ILineEvent
    {
        // records are immutable and have no common way to be changed: through their wire form
        var changed = (T)e.GetType().GetMethod("<Clone>$")!.Invoke(e, null)!;
        e.GetType().GetProperty(nameof(ILineEvent.UtcTicks))!.SetValue(changed, e.UtcTicks + 1);
        return changed;
    }

    private static Sealed Moved(LineId from, LineId to, Sealed record) => new ChainWriter(to).Seal(Event(from, record));

    /// <summary>The line's chain made anew from a place on.</summary>
    private void Reseal(LineId line, int place)
    {
        var records = plant.Of(line);
        var chain = new ChainWriter(line, place + 1, place == 0 ? Digest.None : Digest.Of(records[place - 1].Bytes.Span));
        for (var i = place; i < records.Count; i++)
        {
            records[i] = chain.Seal(Event(line, records[i]));
        }
    }

    private void ResealLog(ILogEvent from, ILogEvent to)
    {
        var events = LogEvents();
        events[events.IndexOf(from)] = to;
        ResealLog(events);
    }

    private void ResealLog(List<ILineEvent> events)
    {
        var chain = new ChainWriter(LogChain.Id);
        plant.Log.Clear();
        plant.Log.AddRange(events.Select(e => chain.Seal(e)));
    }
}
