namespace Inspection.Decisions.Work;

/// <summary>
/// Rule W4: what the holders of a package can do in time. A worker with n places (in hand and free) that answers after T does n pieces in
/// each whole T that is left, less those it has in hand: a piece is in time with them if they can do it and all before it.
/// </summary>
internal sealed class HolderEstimate
{
    private readonly List<(long Time, int InHand, int Places)> _holders = [];

    public void Clear() => _holders.Clear();

    public void Add(TimeSpan time, int inHand, int credit) => _holders.Add((Math.Max(1, time.Ticks), inHand, inHand + credit));

    /// <param name="before">Pieces that wait before this one.</param>
    /// <param name="left">Until its deadline.</param>
    public bool InTime(int before, TimeSpan left)
    {
        long can = 0;
        foreach (var (time, inHand, places) in _holders)
        {
            can += Math.Max(0, (places * (left.Ticks / time)) - inHand);
        }

        return can > before;
    }
}
