namespace Inspection.Protocol;

/// <summary>A message to one line's supervisor: the shard extractor reads <see cref="Line"/>.</summary>
public interface ILineMessage
{
    LineId Line { get; }
}

/// <summary>What sensor nodes and operators ask of a <c>LineSupervisor</c>. Times are durations left, never instants (rule L4).</summary>
public static class LineCommands
{
    /// <summary>Rule L1: asks for the station's lease. A restarted holder comes with another incarnation and gets a new epoch.</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Station">The station.</param>
    /// <param name="Node">Who asks.</param>
    /// <param name="Incarnation">Of the holder.</param>
    /// <param name="Request">Comes back in the answer (rule L2: the lease counts from sending this request); 0: not said.</param>
    public sealed record AcquireStation(LineId Line, StationId Station, NodeId Node, string Incarnation, long Request = 0) : ILineMessage;

    public sealed record RenewStation(LineId Line, StationId Station, long Epoch, NodeId Node, string Incarnation, long Request = 0) : ILineMessage;

    /// <summary>A clean stop: the holder triggered nothing after <paramref name="Last"/>.</summary>
    public sealed record ReleaseStation(LineId Line, StationId Station, long Epoch, long Last) : ILineMessage;

    /// <summary>Rule S6: triggers From, From+1, ...</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Station">The station.</param>
    /// <param name="Epoch">Which the holder has.</param>
    /// <param name="From">The first.</param>
    /// <param name="ExternalIds">One each.</param>
    /// <param name="TimeLeft">What remains of the decision deadline of trigger From+i.</param>
    /// <param name="AcceptedUpTo">What the station was told that the journal holds; 0: nothing, or not said.</param>
    /// <param name="Writer">
    /// The incarnation of the supervisor that the station heard last; empty: not said. What was said to an earlier one has waited through a
    /// recovery, and its time left is not the time that is left (promise P4).
    /// </param>
    public sealed record AnnounceTriggers(LineId Line, StationId Station, long Epoch, long From, EquatableList<string> ExternalIds, EquatableList<TimeSpan> TimeLeft, long AcceptedUpTo = 0, string Writer = "") : ILineMessage;

    public sealed record SubmitEvidence(TriggerKey Key, ViewEvidence Evidence) : ILineMessage
    {
        public LineId Line => Key.Line;
    }

    /// <summary>Rules L3, V5: parts the station gave up as a range.</summary>
    public sealed record ReportFellBack(LineId Line, StationId Station, long Epoch, long From, long To, FallbackReason Reason, string Detail) : ILineMessage;

    /// <summary>Rule J4: acts of the gate from counter From on, in the bit order of <see cref="GateActed"/>.</summary>
    public sealed record ReportGateActs(LineId Line, StationId Station, long Epoch, long From, int Count, EquatableList<byte> Passed) : ILineMessage;

    /// <summary>The gate's interlock stopped the line (<see cref="InterlockChanged"/>).</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Station">Whose gate.</param>
    /// <param name="Epoch">Which the holder has.</param>
    /// <param name="Changes">How many changes the gate knew of before.</param>
    /// <param name="Why">In words.</param>
    public sealed record ReportStopped(LineId Line, StationId Station, long Epoch, long Changes, string Why) : ILineMessage;

    /// <summary>A person lets a line run again that its interlock stopped.</summary>
    public sealed record ResumeStation(LineId Line, StationId Station, string By, string Why) : ILineMessage;

    public sealed record ActivateRecipe(LineId Line, Recipe Recipe, string By, string Why) : ILineMessage;

    public sealed record ActivateModel(LineId Line, ModelPolicy Policy, string PackageName, string Manifest, string SignatureId, string Approval, string By, string Why) : ILineMessage;

    /// <summary>A person's correction.</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Key">The part.</param>
    /// <param name="Verdict">What it is now.</param>
    /// <param name="By">Who says so.</param>
    /// <param name="Why">And why.</param>
    /// <param name="Before">What the journal holds as its conclusion, for a part that the ledger no longer remembers (rule V7); default: not said.</param>
    public sealed record ReviewPart(LineId Line, TriggerKey Key, Verdict Verdict, string By, string Why, Conclusion Before = default) : ILineMessage;

    /// <summary>Rule J10: an archived frame is to be deleted. The file goes after the answer, never before.</summary>
    public sealed record EraseFrame(TriggerKey Key, CameraId Camera, Digest Frame, string By, string Why) : ILineMessage
    {
        public LineId Line => Key.Line;
    }
}

/// <summary>What a <c>LineSupervisor</c> answers, or tells a station (its sessions and its gate) on its own.</summary>
public static class LineReplies
{
    /// <summary>The lease is held until LeaseDuration after the request of that number was sent (rule L2).</summary>
    public sealed record StationGranted(LineId Line, StationId Station, long Epoch, string LastExternalId, TimeSpan LeaseDuration, long Request = 0, long Interlock = 0, string Writer = "") : ILineMessage;

    public sealed record StationRefused(LineId Line, StationId Station, string Reason, TimeSpan RetryAfter) : ILineMessage;

    /// <param name="Line">The line.</param>
    /// <param name="Station">The station.</param>
    /// <param name="Epoch">Which.</param>
    /// <param name="LeaseDuration">From sending the request (rule L2).</param>
    /// <param name="Request">Which it answers.</param>
    /// <param name="Interlock">Changes of the station's interlock so far.</param>
    /// <param name="Writer">The incarnation that answers: another one than before holds none of the evidence that was acknowledged (rule W8).</param>
    public sealed record StationRenewed(LineId Line, StationId Station, long Epoch, TimeSpan LeaseDuration, long Request = 0, long Interlock = 0, string Writer = "") : ILineMessage;

    /// <summary>The fence: this epoch is over; purge and acquire anew.</summary>
    public sealed record StaleEpoch(LineId Line, StationId Station, long Epoch, long CurrentEpoch) : ILineMessage;

    public sealed record StationReleased(LineId Line, StationId Station, long Epoch) : ILineMessage;

    /// <summary>Every trigger up to UpTo is journalled (rule J2).</summary>
    public sealed record TriggersAccepted(LineId Line, StationId Station, long Epoch, long UpTo) : ILineMessage;

    /// <summary>Stops the retry timer; the session keeps the evidence until the part is concluded (rule W8).</summary>
    public sealed record EvidenceReceived(TriggerKey Key, CameraId Camera) : ILineMessage
    {
        public LineId Line => Key.Line;
    }

    /// <summary>Committed (rule V2): the part's terminal conclusion. The gate may act on it.</summary>
    public sealed record PartClosed(TriggerKey Key, Conclusion Conclusion, Disposition Disposition, string DefectClass) : ILineMessage
    {
        public LineId Line => Key.Line;
    }

    /// <summary>Rule V7: concluded so long ago that the verdict is no longer kept here.</summary>
    public sealed record AlreadyConcluded(TriggerKey Key) : ILineMessage
    {
        public LineId Line => Key.Line;
    }

    /// <summary>Every key from From to To is concluded.</summary>
    public sealed record FellBackRecorded(LineId Line, StationId Station, long Epoch, long From, long To) : ILineMessage;

    /// <summary>Acts below NextExpected are journalled.</summary>
    public sealed record GateActsRecorded(LineId Line, StationId Station, long Epoch, long NextExpected) : ILineMessage;

    /// <summary>The journal holds so many changes of the station's interlock.</summary>
    public sealed record InterlockRecorded(LineId Line, StationId Station, long Changes) : ILineMessage;

    public sealed record Activated(LineId Line, string What) : ILineMessage;

    public sealed record Refused(LineId Line, string Command, string Reason) : ILineMessage;

    public sealed record ReviewRecorded(TriggerKey Key, Conclusion Before, Verdict After) : ILineMessage
    {
        public LineId Line => Key.Line;
    }

    /// <summary>Committed: the frame's file may go.</summary>
    public sealed record FrameErasureRecorded(TriggerKey Key, CameraId Camera) : ILineMessage
    {
        public LineId Line => Key.Line;
    }
}
