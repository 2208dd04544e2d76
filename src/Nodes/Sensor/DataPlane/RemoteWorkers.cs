using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>
/// The remote half of the dispatcher: ties streams to the leases' workers, sends offers and takes answers in. A ticket is written to only
/// here, on the dispatcher's thread, and only while its lease counts (rule W3). Survives a restart of the dispatcher.
/// </summary>
internal sealed class RemoteWorkers(WorkLeases<FrameTicket> leases, MonotonicClock clock, NodeMetrics metrics)
{
    private readonly Dictionary<WorkerStream, Remote> _byStream = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<WorkerId, Remote> _byId = [];

    // the last offer of each piece of work that is leased out; earlier ones hang on it
    private readonly Dictionary<FrameTicket, OutboundWork> _leasedOut = new(ReferenceEqualityComparer.Instance);

    /// <summary>What a stream says; the caller matches afterwards.</summary>
    public void Take(RemoteMessage message, ILoggingAdapter log)
    {
        var now = clock.Now;
        switch (message)
        {
            case RemoteMessage.Joined x:
                Join(x, now, log);
                break;
            case RemoteMessage.Has x when Find(x) is { } remote:
                Tell(remote, x.Packages, log);
                break;
            case RemoteMessage.Credited x when Find(x) is { } remote:
                leases.Credit(remote.Id, WorkStage.Coarse, x.Coarse);
                leases.Credit(remote.Id, WorkStage.Verify, x.Verify);
                break;
            case RemoteMessage.Answered x when Find(x) is { } remote:
                Answered(remote, x.Answer, now, log);
                break;
            case RemoteMessage.Unsent x when Find(x) is { } remote:
                _ = remote.Offers.Remove(x.Work.Offer);
                leases.Unsent(remote.Id, x.Work.Offer, x.Work.Question.Stage, now);
                break;
            case RemoteMessage.Unsent:
                break; // of a stream that was replaced: its credit went with it
            case RemoteMessage.Drains x when Find(x) is { } remote:
                leases.Drain(remote.Id);
                x.Stream.SendNoMoreWork();
                log.Info("worker {Worker} drains", x.Stream);
                break;
            case RemoteMessage.Left x when Find(x) is { } remote:
                Forget(remote);
                leases.Lost(remote.Id, now);
                log.Info("worker {Worker} left", x.Stream);
                break;
            default:
                // of a stream that was replaced: its answers count for nothing
                metrics.AnswerIgnored("stale");
                break;
        }
    }

    /// <summary>Sends an offer. Where the stream has just ended, what it held is offered again when its end is told.</summary>
    public void Send(Offer<FrameTicket> offer)
    {
        var remote = _byId[offer.Worker];
        var work = WorkEncoder.Encode(offer, _leasedOut.GetValueOrDefault(offer.Work));
        _leasedOut[offer.Work] = work;
        remote.Offers[offer.Id] = work;
        _ = remote.Stream.Send(work);
    }

    /// <summary>The work has ended here, whoever did it: what still waits to be written never is.</summary>
    public void Ended(FrameTicket ticket)
    {
        if (_leasedOut.Remove(ticket, out var last))
        {
            for (var work = last; work is not null; work = work.Earlier)
            {
                work.Withdraw();
            }
        }
    }

    private void Join(RemoteMessage.Joined joined, TimeSpan now, ILoggingAdapter log)
    {
        foreach (var old in _byStream.Values.Where(r => r.Stream.Node == joined.Stream.Node).ToArray())
        {
            // a node has one stream; the leases take the older one for lost
            old.Stream.Fail("the node connected anew");
            Forget(old);
        }

        var remote = new Remote(joined.Stream, leases.Join(joined.Stream.Node, now));
        (_byStream[joined.Stream], _byId[remote.Id]) = (remote, remote);
        Tell(remote, joined.Packages, log);
        log.Info("worker {Worker} joined with {Held} packages, {Loadable} more at hand", joined.Stream, joined.Packages.Held.Count, joined.Packages.Loadable.Count);
    }

    private void Tell(Remote remote, WorkerPackages packages, ILoggingAdapter log)
    {
        foreach (var gone in remote.Known.Except(packages.Held).Except(packages.Loadable))
        {
            leases.Lacks(remote.Id, gone);
        }

        foreach (var package in packages.Loadable)
        {
            leases.CanLoad(remote.Id, package);
        }

        foreach (var package in packages.Held)
        {
            leases.Holds(remote.Id, package);
        }

        foreach (var why in packages.Unavailable)
        {
            log.Warning("worker {Worker} cannot load a package: {Why}", remote.Stream, why);
        }

        remote.Known = [.. packages.Held, .. packages.Loadable];
    }

    private void Answered(Remote remote, WorkAnswer answer, TimeSpan now, ILoggingAdapter log)
    {
        if (remote.Offers.Remove(answer.Offer, out var work))
        {
            if (answer.Mismatch(work.Question) is { } wrong)
            {
                metrics.AnswerIgnored("mismatch");
                log.Error("worker {Worker} answered offer {Offer}, but {Wrong}; its stream is ended", remote.Stream, answer.Offer, wrong);
                remote.Stream.Fail($"the answer to offer {answer.Offer} makes no sense: {wrong}");
                return;
            }
        }

        if (answer.Result is WorkResult.GivenUp given)
        {
            _ = leases.Returned(remote.Id, answer.Offer, now);
            log.Debug("worker {Worker} gave offer {Offer} back: {Why}", remote.Stream, answer.Offer, given.Why);
            return;
        }

        var outcome = leases.Answered(remote.Id, answer.Offer, now, out var ticket);
        if (outcome != AnswerOutcome.Accepted || ticket is null)
        {
            metrics.AnswerIgnored(outcome.ToString().ToLowerInvariant());
            return;
        }

        Ended(ticket);
        if (answer.Result is WorkResult.Failed failed)
        {
            log.Error("worker {Worker} failed on {Key}: {Why}", remote.Stream, ticket.Key, failed.Why);
        }

        answer.Result.ApplyTo(ticket);
        if (work is null)
        {
            ticket.Done(ticket);
        }
        else
        {
            work.Done(ticket);
        }
    }

    private Remote? Find(RemoteMessage message) => _byStream.GetValueOrDefault(message.Stream);

    private void Forget(Remote remote)
    {
        _ = _byStream.Remove(remote.Stream);
        _ = _byId.Remove(remote.Id);
        foreach (var work in remote.Offers.Values)
        {
            work.Withdraw();
        }
    }

    private sealed class Remote(WorkerStream stream, WorkerId id)
    {
        public WorkerStream Stream => stream;

        public WorkerId Id => id;

        /// <summary>What it has not answered.</summary>
        public Dictionary<long, OutboundWork> Offers { get; } = [];

        public HashSet<Digest> Known { get; set; } = [];
    }
}
