using Akka.Actor;
using Akka.Persistence;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// Reads this node's own stream once through a journal plugin, and writes its only record where there is none: connections are open and code
/// is compiled before this node has to take over lines. The stream is no line's; nobody else reads it.
/// </summary>
internal sealed class JournalWarmUp : UntypedPersistentActor
{
    public JournalWarmUp(NodeId node, string journalPlugin, string snapshotPlugin)
    {
        PersistenceId = $"warm-up-{node}{journalPlugin}";
        JournalPluginId = journalPlugin;
        SnapshotPluginId = snapshotPlugin;
    }

    public override string PersistenceId { get; }

    public static Props Props(NodeId node, string journalPlugin, string snapshotPlugin) =>
        Akka.Actor.Props.Create(() => new JournalWarmUp(node, journalPlugin, snapshotPlugin));

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            if (LastSequenceNr == 0)
            {
                Persist(new Sealed("warm-up", Array.Empty<byte>()), _ => Context.Stop(Self));
            }
            else
            {
                Context.Stop(Self);
            }
        }
    }

    protected override void OnCommand(object message) => Unhandled(message);

    /// <summary>A journal that is away is no news here: the lines say so. The actor stops.</summary>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Stop(Self);
}
