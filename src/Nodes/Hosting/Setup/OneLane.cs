using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>
/// Runs the actors of a dispatcher one after the other on one thread of the pool. A message from one of them to the next costs a place in a
/// queue instead of waking a thread, which dominates where each does little. Only for actors that never block.
/// </summary>
public sealed class OneLane(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <summary>The dispatcher that uses it; see cluster-config/base.hocon.</summary>
    public const string Dispatcher = "akka.actor.inspection-lane";

    public override ExecutorService Produce(string id) => new Lane(id);

    private sealed class Lane(string id) : ExecutorService(id), IThreadPoolWorkItem
    {
        /// <summary>Then whatever else waits for the pool gets its turn.</summary>
        private const int RunsATurn = 64;

        private readonly ConcurrentQueue<IRunnable> _waiting = new();
        private int _running;

        /// <summary>Never throws: a mailbox answers for its actor, and after a shutdown nothing more is sent here.</summary>
        public override void Execute(IRunnable run)
        {
            _waiting.Enqueue(run);
            if (Interlocked.Exchange(ref _running, 1) == 0)
            {
                _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            try
            {
                for (var runs = 0; runs < RunsATurn && _waiting.TryDequeue(out var run); runs++)
                {
                    run.Run();
                }
            }
            finally
            {
                // idle first, seen by all (a full fence), then the look: what was queued before is seen here, what is queued after starts it anew
                _ = Interlocked.Exchange(ref _running, 0);
                if (!_waiting.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0)
                {
                    _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }
            }
        }

        public override void Shutdown()
        {
            // the pool's threads are not its own
        }
    }
}
