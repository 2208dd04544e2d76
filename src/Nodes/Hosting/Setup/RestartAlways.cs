using Akka.Actor;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>
/// For the actors right below the user guardian (dispatcher, workers, sensor node): whatever ends one, it is started anew with its mailbox,
/// so the work that was on its way to it is done. Only an actor that cannot even be made stays down.
/// </summary>
public sealed class RestartAlways : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => new OneForOneStrategy(e => e is ActorInitializationException ? Directive.Stop : Directive.Restart);
}
