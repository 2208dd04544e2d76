using Akka.Actor;
using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Nodes.Tests;

internal static class ActorProbing
{
    /// <summary>The actors that this path matches now and that answer within a second.</summary>
    public static async Task<IReadOnlyCollection<IActorRef>> ResolvedAsync(this ActorSelection selection)
    {
        var system = ((ActorRefWithCell)((IInternalActorRef)selection.Anchor)).Underlying.System;
        using var answers = new Answers(system);
        selection.Tell(new Identify("here"), answers.Receiver);
        var found = new HashSet<IActorRef>();
        await foreach (var answer in answers.UntilSilentAsync(TimeSpan.FromSeconds(1)))
        {
            if (answer is ActorIdentity { Subject: { } subject })
            {
                _ = found.Add(subject);
            }
        }

        return found;
    }
}
