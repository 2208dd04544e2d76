namespace Inspection.Simulation.Faults;

/// <summary>What can go wrong. Every seed draws which of them it has, and how often.</summary>
public enum Fault
{
    CrashSensor,
    CrashWorker,
    CrashSupervisor,

    /// <summary>Writes under way are lost; what was acknowledged is not.</summary>
    CrashJournal,

    /// <summary>Committed, and the reply never comes.</summary>
    CommitThenTimeout,

    Delay,
    Loss,
    Duplication,
    Reordering,

    /// <summary>One way between two nodes.</summary>
    Partition,

    /// <summary>A process is stopped and goes on later, as if nothing had been.</summary>
    Pause,

    /// <summary>A node's wall clock.</summary>
    ClockJump,

    SlowDisk,

    /// <summary>Writes are refused.</summary>
    FullDisk,

    CorruptFrame,

    /// <summary>A model says NaN or infinity.</summary>
    NotFiniteScore,

    /// <summary>A worker answers with a wrong number of values, a foreign generation, a region outside of the frame, or twice.</summary>
    WrongShape,

    /// <summary>Ten times the triggers, or workers ten times as slow.</summary>
    Overload,

    /// <summary>Another model while frames of the one before are under way.</summary>
    ModelSwap,

    /// <summary>With its counter reset; or one trigger missed.</summary>
    CameraRestart,
}
