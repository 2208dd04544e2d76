using System.Threading.Channels;
using Akka.Actor;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>
/// Takes whatever is sent to <see cref="Receiver"/>, for a caller outside of actors that expects more than one answer. Akka's own Inbox does not
/// serve (1.5.74): the timer of a wait that is already over, when it arrives late, makes it forget the next wait, which then never ends.
/// </summary>
public sealed class Answers : IDisposable
{
    private readonly ActorSystem _system;
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

    public Answers(ActorSystem system)
    {
        _system = system;
        Receiver = system.ActorOf(Props.Create(() => new Ear(_heard.Writer)));
    }

    public IActorRef Receiver { get; }

    /// <summary>The next answer, in the order of arrival.</summary>
    /// <exception cref="TimeoutException">Within this time nothing came; what comes later is still heard.</exception>
    public async Task<object> NextAsync(TimeSpan within, CancellationToken cancel = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(within);
        try
        {
            return await _heard.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {within.TotalSeconds:0.###} s");
        }
    }

    public void Dispose() => _system.Stop(Receiver);

    private sealed class Ear(ChannelWriter<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => _ = heard.TryWrite(message);
    }
}
