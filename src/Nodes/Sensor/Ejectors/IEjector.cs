using Inspection.Decisions.Gate;

namespace Inspection.Nodes.Sensor.Ejectors;

/// <summary>
/// Rule G1: at rest it diverts. A part passes only by a pulse, and only while the watchdog is fed. One thread; no call may block it.
/// </summary>
public interface IEjector : IDisposable
{
    /// <summary>Keeps the watchdog alive.</summary>
    void Feed(TimeSpan now);

    /// <summary>Lets the part pass.</summary>
    /// <returns>
    /// True: it did. False: it could not, and the part was diverted for certain. Null: it says later what it did, to whoever opened it, or never
    /// (rule G5: then the part counts as passed).
    /// </returns>
    bool? Pass(GateAct act, TimeSpan now);

    /// <summary>The part is diverted: nothing moves; recorded.</summary>
    void Divert(GateAct act);

    /// <summary>The gate has taken the ejector over for an epoch.</summary>
    /// <param name="epoch">Which.</param>
    /// <param name="stands">Whether the interlock has stopped the line.</param>
    void Begin(long epoch, bool stands);

    /// <summary>The interlock stops the line: its permission to run is taken away. Said again after a start while it stands.</summary>
    void Halt(string why);

    /// <summary>The line may run again.</summary>
    void Run();
}
