namespace Inspection.Mutants.Tests.ByHand;

/// <summary>The station's memory: its lease, its epoch, what it sends again.</summary>
internal static class StationBugs
{
    private const string Window = "Station/StationWindow.cs";
    private const string Core = "Station/StationCore.cs";
    private const string Replies = "Station/StationCore.Lease.cs";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("the lease counts from the answer", Window, "_requests.Answered(renewal.Request) + renewal.LeaseDuration is { } until", "now + renewal.LeaseDuration is var until", "L2"),
        new("the lease never ends", Window, "Epoch > 0 && now < LeaseUntil", "Epoch > 0", "L2, L3"),
        new("an epoch can begin twice", Window, "if (grant.Epoch <= _lastEpoch)", "if (grant.Epoch == Epoch)", "S4, L1"),
        new("a new epoch keeps the open parts of the last", Window, """
                    _open.Clear();
                    (Epoch, LastCounter,
            """, "        (Epoch, LastCounter,", "L1"),
        new("a new epoch counts on", Window, "(grant.Epoch, 0, 0, now)", "(grant.Epoch, LastCounter, 0, now)", "S4"),
        new("evidence is dropped when it is acknowledged", Window, "trigger.Wait(now, options);", "trigger.Evidence.Clear();", "W8"),
        new("a lost announcement stays lost", Window, "var last = AnnounceAgain(again, now);", "var last = again[^1].Key;", "P1, S6"),
        new("a conclusion of another epoch closes a part", Window, "key.Epoch == Epoch && _open.Remove(key.Counter)", "_open.Remove(key.Counter)", "P1, L1"),
        new("a refused grant is begun all the same", Replies, "if (!_window.Granted(x, now))", "if (!_window.Granted(x, now) && x.Epoch == 0)", "S4, L1"),
        new("a conclusion that was lost counts as OK", Replies, "Concluded(key, Conclusion.FellBack(FallbackReason.Deadline))", "Concluded(key, Conclusion.Decided(Verdict.Ok))", "P3"),
        new("a part is triggered without a lease", Core, "!_halted && _window.HoldsLease(now) && _window.HasRoom", "!_halted && _window.Epoch > 0 && _window.HasRoom", "L3"),
        new("more parts are open than the window holds", Core, "else if (!_window.HasRoom)", "else if (_window.Open > 2 * _window.Options.Window)", "V5, P8"),
    ];
}
