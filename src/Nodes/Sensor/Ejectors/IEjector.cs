using Inspection.Decisions.Gate;

namespace Inspection.Nodes.Sensor.Ejectors;

/// <summary>
/// Rule G1: at rest it diverts. A part passes only by a pulse, and only while the watchdog is fed. One thread.
/// </summary>
public interface IEjector : IDisposable
{
    /// <summary>Keeps the watchdog alive.</summary>
    void Feed(TimeSpan now);

    /// <summary>Lets the part pass; false where it could not, and then the part was diverted.</summary>
    bool Pass(GateAct act, TimeSpan now);

    /// <summary>The part is diverted: nothing moves; recorded.</summary>
    void Divert(GateAct act);

    /// <summary>The interlock stops the line: its permission to run is taken away. Said again after a start while it stands.</summary>
    void Halt(string why);

    /// <summary>The line may run again.</summary>
    void Run();
}
