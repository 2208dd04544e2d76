namespace Inspection.Decisions.Work;

/// <summary>
/// What one worker node may have under way for one sensor node, by stage (rule W1). Credit comes back only when the answer has been
/// written, so that a slow stream slows its own work. Not for two threads at once.
/// </summary>
public sealed class CreditShare
{
    private int _target;
    private int _given;

    /// <summary>
    /// Splits a node's credit over its sensor nodes: sessions + 1 in all (one frame travels while the others are looked at), evenly, the
    /// first ones getting what is left over; at least 1 each, so that none starves.
    /// </summary>
    /// <param name="sessions">Of the stage; without any there is no credit.</param>
    /// <param name="sensors">How many sensor nodes.</param>
    /// <param name="index">Which of them, from 0.</param>
    public static int Of(int sessions, int sensors, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sessions);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, sensors);
        var total = sessions + 1;
        return sessions == 0 ? 0 : Math.Max(1, (total / sensors) + (index < total % sensors ? 1 : 0));
    }

    /// <summary>The share from now on. A smaller one is reached as work is answered: what was given is not taken back.</summary>
    /// <returns>Credit to give now.</returns>
    public int Aim(int share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        _target = share;
        return Give();
    }

    /// <summary>One answer has been written.</summary>
    /// <returns>Credit to give now.</returns>
    public int Answered()
    {
        if (_given == 0)
        {
            throw new InvalidOperationException("more was answered than credit was given for");
        }

        _given--;
        return Give();
    }

    private int Give()
    {
        var more = Math.Max(0, _target - _given);
        _given += more;
        return more;
    }
}
