namespace Inspection.Decisions.Work;

/// <summary>
/// Rule W4: when the holders of a package would be done. A worker with n places (in hand and free) that answers after T does n/T pieces a
/// second; a piece with k before it waits for the k-th free place and then for T, the mean of the holders' by what they do.
/// </summary>
internal readonly record struct HolderEstimate(double PerTick, int Free, int Places)
{
    public HolderEstimate With(TimeSpan time, int inHand, int credit)
    {
        var places = inHand + credit;
        return places == 0 ? this : new HolderEstimate(PerTick + ((double)places / Math.Max(1, time.Ticks)), Free + credit, Places + places);
    }

    public bool InTime(int before, TimeSpan left)
    {
        if (Places == 0)
        {
            return false;
        }

        var wait = Math.Max(0, before + 1 - Free) / PerTick;
        return wait + (Places / PerTick) <= left.Ticks;
    }
}
