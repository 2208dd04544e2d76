using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Decisions.Policy;
using Inspection.Protocol;
using Inspection.Tests.Support;

namespace Inspection.Benchmarks.Rig;

/// <summary>
/// Lines that decided parts for long, written as a supervisor writes them, with the log over them: a trigger, a conclusion and a gate act a part, a leaf
/// a second a line at ten parts a second. Made anew each time it is read, in order: nothing is kept but the heads.
/// </summary>
internal sealed class LongStory : IJournalSource
{
    private const int RecordsALeaf = 30;
    private static readonly StationId Station = new("s1");
    private static readonly CameraId Camera = new("c1");

    private readonly int _records;
    private readonly NoteSigner _key;
    private readonly NoteSigner _witness;

    public LongStory(int lines, int recordsALine, NoteSigner key, NoteSigner witness)
    {
        (_records, _key, _witness) = (recordsALine, key, witness);
        Lines = [.. Enumerable.Range(1, lines).Select(i => new LineId($"line{i}"))];
    }

    public string Description => "a long story";

    public IReadOnlyList<LineId> Lines { get; }

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0)
    {
        var chain = new ChainWriter(line);
        return Events(line).Take(_records).Select(chain.Seal).Select((r, i) => new StoredRecord(i + 1, r.Manifest, r.Bytes)).Where(r => r.Sequence > after);
    }

    public IEnumerable<StoredRecord> LogRecords(long after = 0)
    {
        var chain = new ChainWriter(LogChain.Id);
        return LogEvents().Select(chain.Seal).Select((r, i) => new StoredRecord(i + 1, r.Manifest, r.Bytes));
    }

    public void Dispose()
    {
        // holds nothing
    }

    private IEnumerable<ILineEvent> LogEvents()
    {
        var tree = new MerkleTree();
        yield return new LogKeyChanged(1, _key.Verifier.ToString());
        var lines = Lines.Select(l => Records(l).GetEnumerator()).ToList();
        for (var from = 1; from <= _records; from += RecordsALeaf)
        {
            var to = Math.Min(_records, from + RecordsALeaf - 1);
            var extents = lines.Select((l, i) => new LogExtent(Lines[i], from, to, HeadAt(l, to))).ToEquatableList();
            yield return new LogExtended(from, tree.Size, extents);
            foreach (var extent in extents)
            {
                tree.Add(LogBook.Leaf(extent));
            }

            tree.Forget(tree.Size);
            var note = Checkpoint.Sign(_key, tree.Size, tree.Root, DateTimeOffset.UnixEpoch);
            yield return new LogSigned(from, tree.Size, note.With(_witness.Sign(note.Text, DateTimeOffset.UnixEpoch.AddSeconds(from))).ToString());
        }
    }

    private static Digest HeadAt(IEnumerator<StoredRecord> records, long sequence)
    {
        do
        {
            _ = records.MoveNext();
        }
        while (records.Current.Sequence < sequence);
        return Digest.Of(records.Current.Bytes.Span);
    }

    /// <summary>A line's story without end; the same every time.</summary>
    public static IEnumerable<ILineEvent> Events(LineId line)
    {
        var utc = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        var policy = SmallestPackage.Policy;
        var recipe = new Recipe { Name = "r", Views = [new RequiredView(Station, Camera)], DecisionDeadline = TimeSpan.FromSeconds(2), HasVerifier = false };
        var stamp = new InferenceStamp
        {
            ModelDigest = policy.ModelDigest,
            SignatureId = "c74f20a3",
            ThresholdsDigest = policy.ThresholdsDigest,
            CalibrationDigest = policy.CalibrationDigest,
            PreparationVersion = "1",
            ImageDigest = Digest.Of("image"u8),
            RuntimeVersions = ".NET 10.0.0, ONNX Runtime 1.23.2",
            Provider = "cpu",
            CpuClass = "x86-64-v4",
        };
        yield return new ModelActivated(utc, policy, "m", SmallestPackage.Manifest, "c74f20a3", "anna", "anna", "start");
        yield return new RecipeActivated(utc, recipe, "anna", "start");
        yield return new EpochGranted(utc, Station, 1, new NodeId("n1"), "incarnation-1");
        var random = new Random(line.Value.GetHashCode(StringComparison.Ordinal) & 0xFF);
        for (var counter = 1L; ; counter++)
        {
            utc += TimeSpan.TicksPerSecond / 10;
            var id = $"part-{counter:00000000}";
            yield return new TriggersSeen(utc, Station, 1, counter, new[] { id }.ToEquatableList());
            var view = new ViewEvidence { Camera = Camera, Outcome = ViewOutcome.Scored, ExposureUtcTicks = utc, DeviceCounter = counter, TensorDigest = Digest.Of(BitConverter.GetBytes(counter)), CoarseScore = (float)(random.NextDouble() * 1.1), OodScore = 0.5f, Coarse = stamp };
            var judged = PartPolicy.Judge(recipe, Station, [view], d => d == policy.ModelDigest ? policy : null);
            yield return new PartConcluded
            {
                UtcTicks = utc,
                Key = new TriggerKey(line, Station, 1, counter),
                ExternalId = id,
                RecipeName = recipe.Name,
                Views = new[] { view }.ToEquatableList(),
                Conclusion = judged.Conclusion,
                Reason = judged.Reason,
                Disposition = judged.Disposition,
                DefectClass = judged.DefectClass,
                NearMissMargin = judged.Margin,
                Deadline = recipe.DecisionDeadline,
                Elapsed = TimeSpan.FromMilliseconds(40),
                WriterEpoch = "0123456789abcdef0123456789abcdef",
            };
            yield return new GateActed(utc, Station, 1, counter, 1, new[] { (byte)(judged.Conclusion.IsOk ? 1 : 0) }.ToEquatableList());
        }
    }
}
