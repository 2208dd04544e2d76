using System.Text;
using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Packages;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>
/// A line's life in small, on Akka's in-memory journal: recipe, lease, parts, gate acts, the end, and a recovery. Its commands go through the
/// wire form as another node's would. Nothing of it is kept; all of it is compiled afterwards.
/// </summary>
internal static class LineRehearsal
{
    public const string Journal = "akka.persistence.journal.inmem";
    public const string Snapshots = "akka.persistence.snapshot-store.inmem";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly LineId Line = new("rehearsal");
    private static readonly StationId Station = new("s");
    private static readonly CameraId Camera = new("c");
    private static readonly NodeId Node = new("n");
    private static readonly Digest Model = Digest.Of("rehearsal"u8);

    private static readonly string Manifest = $$"""
        {
          "stage": "coarse",
          "model_digest": "{{Model}}",
          "coarse": { "candidate": 1, "reject": 1, "clear_limit": 2, "ood": 9, "tolerance": 0, "map_height": 1, "map_width": 1 },
          "calibration": { "method": "split", "units": 1, "reject_rate": 0.5, "candidate_rate": 0.5, "scores": [0] }
        }
        """;

    /// <param name="system">Its in-memory journal takes the records.</param>
    /// <param name="supervisor">A line's supervisor on <see cref="Journal"/> and <see cref="Snapshots"/>.</param>
    /// <param name="cancel">Ends it early.</param>
    public static async Task RunAsync(ActorSystem system, Func<LineId, Props> supervisor, CancellationToken cancel)
    {
        try
        {
            var line = system.ActorOf(supervisor(Line));
            await LiveAsync(system, line, cancel);
            await EndAsync(line, cancel);
            var again = system.ActorOf(supervisor(Line));
            using var answers = new Answers(system);
            _ = await AskAsync<LineQueries.LineStatus>(system, answers, again, new LineQueries.GetLineStatus(Line), cancel);
            await EndAsync(again, cancel);
        }
        catch (TimeoutException e)
        {
            Logging.GetLogger(system, nameof(LineRehearsal)).Warning("the rehearsal of a line did not end ({Reason}); the first line that moves here will take longer", e.Message);
        }
    }

    private static async Task LiveAsync(ActorSystem system, IActorRef line, CancellationToken cancel)
    {
        using var answers = new Answers(system);
        Task<T> SayAsync<T>(ILineMessage message) => AskAsync<T>(system, answers, line, message, cancel);

        var policy = ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(Manifest));
        var recipe = new Recipe { Name = "r", Views = [new RequiredView(Station, Camera)], DecisionDeadline = Longest, HasVerifier = false };
        _ = await SayAsync<LineReplies.Activated>(new LineCommands.ActivateModel(Line, policy, "m", Manifest, "", "rehearsed", "", ""));
        _ = await SayAsync<LineReplies.Activated>(new LineCommands.ActivateRecipe(Line, recipe, "", ""));
        var epoch = (await SayAsync<LineReplies.StationGranted>(new LineCommands.AcquireStation(Line, Station, Node, "i"))).Epoch;
        _ = await SayAsync<LineReplies.StationRenewed>(new LineCommands.RenewStation(Line, Station, epoch, Node, "i"));
        _ = await SayAsync<LineReplies.TriggersAccepted>(new LineCommands.AnnounceTriggers(Line, Station, epoch, 1, ["a", "b", "c"], [Longest, Longest, Longest]));
        foreach (var (counter, score) in new[] { (1, 0f), (2, 5f) })
        {
            _ = await SayAsync<LineReplies.PartClosed>(new LineCommands.SubmitEvidence(new TriggerKey(Line, Station, epoch, counter), Evidence(policy, score)));
        }

        _ = await SayAsync<LineReplies.FellBackRecorded>(new LineCommands.ReportFellBack(Line, Station, epoch, 3, 3, FallbackReason.Shed, ""));
        _ = await SayAsync<LineReplies.GateActsRecorded>(new LineCommands.ReportGateActs(Line, Station, epoch, 1, 3, [1]));
        _ = await SayAsync<LineReplies.StationReleased>(new LineCommands.ReleaseStation(Line, Station, epoch, 3));
    }

    /// <summary>Passes over what comes besides, such as the receipt of evidence.</summary>
    private static async Task<T> AskAsync<T>(ActorSystem system, Answers answers, IActorRef line, ILineMessage message, CancellationToken cancel)
    {
        line.Tell(Wired(system, message), answers.Receiver);
        while (true)
        {
            var answer = await answers.NextAsync(Longest, cancel);
            switch (answer is ILineMessage ? Wired(system, answer) : answer)
            {
                case T wanted:
                    return wanted;
                case LineReplies.Refused refused:
                    throw new InvalidOperationException($"the rehearsal's {refused.Command} was refused: {refused.Reason}");
            }
        }
    }

    private static object Wired(ActorSystem system, object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        return system.Serialization.Deserialize(serializer.ToBinary(message), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));
    }

    private static async Task EndAsync(IActorRef line, CancellationToken cancel)
    {
        line.Tell(PoisonPill.Instance);
        _ = await line.WatchAsync(cancel).WaitAsync(Longest, cancel);
    }

    private static ViewEvidence Evidence(ModelPolicy policy, float score) => new()
    {
        Camera = Camera,
        Outcome = ViewOutcome.Scored,
        CoarseScore = score,
        OodScore = 0,
        Coarse = new InferenceStamp
        {
            ModelDigest = policy.ModelDigest,
            SignatureId = "",
            ThresholdsDigest = policy.ThresholdsDigest,
            CalibrationDigest = policy.CalibrationDigest,
            PreparationVersion = "p",
            ImageDigest = Digest.None,
            RuntimeVersions = "r",
            Provider = "cpu",
            CpuClass = "x",
        },
    };
}
