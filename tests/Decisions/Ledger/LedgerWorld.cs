using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>
/// A ledger with a journal and a clock around it, and no mercy: after every step conservation, the journal and every answer that left are
/// checked (P1, P3, V3, V4). A crash throws the ledger away and rebuilds it from what was committed.
/// </summary>
internal sealed class LedgerWorld
{
    private readonly LedgerOptions _options;
    private int _incarnations;

    public LedgerWorld(LedgerOptions? options = null)
    {
        _options = (options ?? new LedgerOptions()) with { WriteOverdue = TimeSpan.MaxValue }; // a write takes as long as the test says
        Ledger = PartLedger.Start(Given.Line, _options);
        _ = Do(new LedgerInput.Recovered());
    }

    public PartLedger Ledger { get; private set; }

    public List<ILineEvent> Journal { get; } = [];

    public JournalAudit Audit { get; } = new();

    public IReadOnlyList<ILineEvent>? InFlight { get; private set; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromMinutes(1);

    /// <summary>A line with recipe and models active.</summary>
    public static LedgerWorld Ready(LedgerOptions? options = null)
    {
        var world = new LedgerWorld(options);
        world.Activate(Given.Recipe);
        world.Activate(Given.Coarse);
        world.Activate(Given.Verifier);
        world.Settle();
        return world;
    }

    public void Activate(Recipe recipe) => _ = Send(new LineCommands.ActivateRecipe(Given.Line, recipe, "tester", "test"));

    public void Activate(ModelPolicy model) => _ = Send(new LineCommands.ActivateModel(Given.Line, model, "package", "{}", "", "self-approved", "tester", "test"));

    public IReadOnlyList<ILineMessage> Send(ILineMessage message) => Do(new LedgerInput.Received(message, "asker"));

    public IReadOnlyList<ILineMessage> Pass(TimeSpan time)
    {
        Now += time;
        return Do(new LedgerInput.Tick());
    }

    /// <summary>Time passes, and the ledger is not told.</summary>
    public void Sleep(TimeSpan time) => Now += time;

    public IReadOnlyList<ILineMessage> Commit()
    {
        if (InFlight is null)
        {
            return [];
        }

        Store();
        return Do(new LedgerInput.Committed());
    }

    /// <summary>Commits until nothing is left to write.</summary>
    public IReadOnlyList<ILineMessage> Settle()
    {
        var all = new List<ILineMessage>();
        while (InFlight is not null)
        {
            all.AddRange(Commit());
        }

        return all;
    }

    /// <param name="committed">Whether the write that was under way reached the journal, its reply lost.</param>
    /// <param name="snapshotAt">Recover from a snapshot of the first so many events; null from the events alone.</param>
    public void Crash(bool committed, int? snapshotAt = null)
    {
        if (committed && InFlight is not null)
        {
            Store();
        }

        InFlight = null;
        Ledger = Rebuild(snapshotAt);
        _ = Do(new LedgerInput.Recovered());
    }

    public PartLedger Rebuild(int? snapshotAt = null)
    {
        var options = _options with { WriterEpoch = $"{++_incarnations}" };
        var ledger = PartLedger.Start(Given.Line, options);
        for (var i = 0; i < Journal.Count; i++)
        {
            if (i == snapshotAt)
            {
                ledger = PartLedger.Start(LedgerSnapshot.FromBytes(Bytes(ledger.Committed)).State, i, options);
            }

            ledger = ledger.Replay(Journal[i]);
        }

        return ledger;
    }

    public static byte[] Bytes(LedgerState state) => new LedgerSnapshot(7, Digest.None, state).ToBytes();

    private void Store()
    {
        foreach (var e in InFlight!)
        {
            Journal.Add(e);
            Audit.Read(e);
        }

        InFlight = null;
    }

    private List<ILineMessage> Do(LedgerInput input)
    {
        var (next, effects) = Ledger.Step(input, new Moment(Now, DateTime.UnixEpoch + Now));
        Ledger = next;
        var told = new List<ILineMessage>();
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case LedgerEffect.Persist persist:
                    Assert.True(InFlight is null, "rule V4: a second write while one is under way");
                    Assert.InRange(persist.Events.Count, 1, _options.MaxBatch);
                    InFlight = persist.Events;
                    break;
                case LedgerEffect.Reply reply:
                    Assert.Equal("asker", reply.To);
                    told.Add(reply.Message);
                    break;
                case LedgerEffect.TellStation tell:
                    told.Add(tell.Message);
                    break;
                case LedgerEffect.Stop: // told of what the journal does not hold: it reads it again
                    Crash(committed: InFlight?.Count % 2 == 0);
                    return told;
                case LedgerEffect.Snapshot snapshot:
                    Assert.Equal(Journal.Count, snapshot.Sequence); // rule V6: exactly what the journal holds
                    Assert.Same(Ledger.Committed, snapshot.State);
                    break;
                default:
                    Assert.Fail($"unknown effect {effect}");
                    break;
            }
        }

        Assert.Equal(InFlight?.Count ?? 0, Ledger.InFlight);
        Assert.True(InFlight is not null || Ledger.Waiting == 0, "events wait and no write is under way");
        told.ForEach(CheckAnswer);
        Conserved();
        return told;
    }

    /// <summary>Promise P1, and the numbers are the journal's.</summary>
    private void Conserved()
    {
        Assert.True(Ledger.Committed.IsConserved, "Committed is not conserved");
        Assert.True(Ledger.Projected.IsConserved, "Projected is not conserved");
        var totals = Ledger.Committed.Totals;
        Assert.Equal(Audit.Accepted, totals.Accepted);
        Assert.Equal(Audit.Counts.Where(c => c.Key.IsDecided).Sum(c => c.Value), totals.Decided);
        Assert.Equal(Audit.Counts.Where(c => !c.Key.IsDecided).Sum(c => c.Value), totals.Fallback);
        Assert.Equal(Audit.Open, Ledger.Committed.OpenCount);
        Assert.Equal(Audit.Counts.GetValueOrDefault(Conclusion.Decided(Verdict.Ok)), totals.Ok);
        Assert.Equal(Audit.Counts.GetValueOrDefault(Conclusion.Decided(Verdict.Ng)), totals.Ng);
        Assert.Equal(Audit.Counts.GetValueOrDefault(Conclusion.Decided(Verdict.Review)), totals.Review);
    }

    /// <summary>Promise P3, rules V3 and J2: an answer says only what is in the journal already.</summary>
    private void CheckAnswer(ILineMessage message)
    {
        switch (message)
        {
            case LineReplies.PartClosed x:
                Assert.True(Audit.Terminal.TryGetValue(x.Key, out var conclusion), $"{x.Key} was answered before its record was committed");
                Assert.Equal(conclusion, x.Conclusion);
                break;
            case LineReplies.AlreadyConcluded x:
                Assert.True(Audit.Terminal.ContainsKey(x.Key), $"{x.Key} is called concluded and is not");
                break;
            case LineReplies.TriggersAccepted x:
                Assert.True(x.UpTo <= (Audit.Find(x.Epoch)?.SeenUpTo ?? 0), $"accepted up to {x.UpTo} before the journal had it");
                break;
            case LineReplies.FellBackRecorded x:
                for (var c = x.From; c <= x.To; c++)
                {
                    Assert.True(Audit.Terminal.ContainsKey(new TriggerKey(Given.Line, x.Station, x.Epoch, c)), $"{x.Epoch}/{c} is called recorded and is not");
                }

                break;
            case LineReplies.StationGranted x:
                Assert.Contains(Journal, e => e is EpochGranted g && g.Station == x.Station && g.Epoch == x.Epoch);
                break;
            case LineReplies.StationReleased x:
                Assert.Contains(Journal, e => e is EpochEnded g && g.Station == x.Station && g.Epoch == x.Epoch);
                break;
            case LineReplies.StaleEpoch x:
                Assert.True(Audit.Current(x.Station) is not { Ended: false } current || current.Number != x.Epoch, $"epoch {x.Epoch} of {x.Station} is called over, and the journal holds it as current");
                break;
            case LineReplies.GateActsRecorded x:
                Assert.True(x.NextExpected <= (Audit.Find(x.Epoch)?.ActedUpTo ?? 0) + 1, "acts are called recorded before the journal had them");
                break;
        }
    }
}
