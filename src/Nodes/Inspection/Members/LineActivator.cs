using Akka.Actor;
using Akka.Event;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>
/// On each supervisor node: what the plant file says of each line becomes the line's own record before its first part (promise P4), and wakes
/// a line for the first time. Asked again until answered; what is active already stays.
/// </summary>
internal sealed class LineActivator : UntypedActor, IWithTimers
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private readonly IActorRef _supervisors;
    private readonly Dictionary<LineId, Queue<ILineMessage>> _left;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public LineActivator(IActorRef supervisors, IReadOnlyDictionary<LineId, IReadOnlyList<ILineMessage>> commands)
    {
        _supervisors = supervisors;
        _left = commands.ToDictionary(c => c.Key, c => new Queue<ILineMessage>(c.Value));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef supervisors, IReadOnlyDictionary<LineId, IReadOnlyList<ILineMessage>> commands) =>
        Akka.Actor.Props.Create(() => new LineActivator(supervisors, commands));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("ask", AskNext.Instance, AskAgain);
        AskAll();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AskNext:
                AskAll();
                break;
            case LineReplies.Activated x when _left.TryGetValue(x.Line, out var left) && x.What == Named(left.Peek()):
                _ = left.Dequeue();
                if (left.TryPeek(out var next))
                {
                    _supervisors.Tell(next, Self);
                }
                else
                {
                    _ = _left.Remove(x.Line);
                    _log.Info("line {Line} is active", x.Line);
                }

                if (_left.Count == 0)
                {
                    Context.Stop(Self);
                }

                break;
            case LineReplies.Activated:
                break;
            case LineReplies.Refused x:
                _log.Error("line {Line} refused {Command}: {Reason}", x.Line, x.Command, x.Reason);
                _ = _left.Remove(x.Line);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AskAll()
    {
        foreach (var left in _left.Values)
        {
            _supervisors.Tell(left.Peek(), Self);
        }
    }

    /// <summary>How the supervisor names it: an answer that comes twice is not taken for the next command's.</summary>
    private static string Named(ILineMessage command) => command switch
    {
        LineCommands.ActivateModel x => $"model {x.PackageName}",
        LineCommands.ActivateRecipe x => $"recipe {x.Recipe.Name}",
        _ => throw new InvalidOperationException($"a {command.GetType().Name} activates nothing"),
    };

    private sealed class AskNext : INoSerializationVerificationNeeded
    {
        public static readonly AskNext Instance = new();
    }
}
