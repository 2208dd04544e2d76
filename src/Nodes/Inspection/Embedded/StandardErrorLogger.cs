using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Inspection.Embedded;

/// <summary>Akka's log on standard error: standard output belongs to the command's answer.</summary>
internal sealed class StandardErrorLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public StandardErrorLogger()
    {
        Receive<LogEvent>(e => System.Console.Error.WriteLine(e.ToString()));
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
    }
}
