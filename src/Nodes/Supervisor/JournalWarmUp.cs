using Akka.Actor;
using Akka.Persistence;
using Inspection.Nodes.Hosting.Journals;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// Reads an empty stream once through a journal plugin, at a supervisor node's start: connections are open and code is compiled before this
/// node has to take over lines within seconds (promise P7). Writes nothing.
/// </summary>
public sealed class JournalWarmUp : UntypedPersistentActor
{
    public JournalWarmUp(string journalPlugin, string snapshotPlugin)
    {
        JournalPluginId = journalPlugin;
        SnapshotPluginId = snapshotPlugin;
    }

    public override string PersistenceId => "warm-up";

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            Context.Stop(Self);
        }
    }

    protected override void OnCommand(object message) => Unhandled(message);

    /// <summary>A journal that is away is no news here: the lines say so. The actor stops.</summary>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
    }
}
