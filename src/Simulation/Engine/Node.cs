namespace Inspection.Simulation.Engine;

/// <summary>A process on a machine of its own: it dies and lives again, is stopped for a while, and has a clock of its own.</summary>
internal sealed class Node(int index, string name)
{
    public int Index => index;

    public string Name => name;

    public bool IsUp { get; private set; } = true;

    /// <summary>Rises with each start.</summary>
    public int Life { get; private set; } = 1;

    public TimeSpan PausedUntil { get; set; }

    /// <summary>Monotonic clock less virtual time; another one in each life.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Its wall clock less the true one.</summary>
    public TimeSpan UtcSkew { get; set; }

    /// <summary>What it runs, started anew with each life.</summary>
    public Action Boot { get; set; } = static () => { };

    public void Kill() => IsUp = false;

    public void Start(Rng random)
    {
        (IsUp, PausedUntil, ClockOffset) = (true, TimeSpan.Zero, random.Ms(0, 3_600_000));
        Life++;
        Boot();
    }

    public override string ToString() => name;
}
