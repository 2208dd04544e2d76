using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>A record of a part, in its place.</summary>
public sealed record StoryRecord(long Sequence, ILineEvent Event)
{
    public DateTime Utc => new(Event.UtcTicks, DateTimeKind.Utc);
}

/// <summary>A frame that a part's records name.</summary>
/// <param name="Erased">By whom and why; null: it was not.</param>
public sealed record StoryFrame(CameraId Camera, Digest Frame, FrameErased? Erased);

/// <summary>
/// Everything a line's records say of one part: acceptance, terminal record, what the gate did, late evidence, reviews, erasures; and the
/// recipe and models in force when it was concluded. The chain up to the last of them is checked on the way.
/// </summary>
public sealed record PartStory(PartName Part, TriggerKey Key, string ExternalId, StoryRecord Terminal, StoryRecord? RecipeRecord, IReadOnlyList<StoryRecord> ModelRecords, StoryRecord? Accepted, StoryRecord? GateRecord, IReadOnlyList<StoryRecord> After, LineHead End)
{
    /// <summary>Null where it fell back as a range, without evidence.</summary>
    public PartConcluded? Concluded => Terminal.Event as PartConcluded;

    public Conclusion Conclusion => Terminal.Event switch
    {
        PartConcluded e => e.Conclusion,
        PartsFellBack e => Conclusion.FellBack(e.Reason),
        _ => throw new InvalidOperationException($"{Terminal.Event.GetType().Name} is no terminal record"),
    };

    public Recipe? Recipe => (RecipeRecord?.Event as RecipeActivated)?.Recipe;

    /// <summary>Null: the gate never reported (rule J4: act unknown).</summary>
    public bool? Passed => GateRecord?.Event is GateActed act ? act.IsPassed((int)(Part.Counter - act.From)) : null;

    public IEnumerable<PartReviewed> Reviews => After.Select(r => r.Event).OfType<PartReviewed>();

    public IReadOnlyList<StoryFrame> Frames => [.. After.Prepend(Terminal).SelectMany(r => NamedFrame.Of(r.Event))
        .Select(f => new StoryFrame(f.Camera, f.Frame, After.Select(r => r.Event).OfType<FrameErased>().FirstOrDefault(e => e.Frame == f.Frame)))];

    /// <summary>The verifier that looked, or would have, at that time.</summary>
    public ModelPolicy? VerifierInForce => Recipe?.HasVerifier == true ? ModelRecords.Select(r => ((ModelActivated)r.Event).Policy).LastOrDefault(p => p.Stage == ModelStage.Verifier) : null;

    public ModelPolicy? PolicyOf(Digest model) => ModelRecords.Select(r => (ModelActivated)r.Event).LastOrDefault(m => m.Policy.ModelDigest == model)?.Policy;

    /// <returns>Null: the line has no such part, or it is not concluded yet.</returns>
    /// <exception cref="BrokenChainException">A record is not as it was written.</exception>
    public static PartStory? Of(IJournalSource source, PartName part)
    {
        var (recipe, accepted, terminal, gate) = ((StoryRecord?)null, (StoryRecord?)null, (StoryRecord?)null, (StoryRecord?)null);
        var (recipeThen, modelsThen) = ((StoryRecord?)null, (IReadOnlyList<StoryRecord>)[]);
        var (models, after, end, id) = (new List<StoryRecord>(), new List<StoryRecord>(), default(LineHead), "");
        foreach (var record in source.Chain(part.Line))
        {
            var here = new StoryRecord(record.Sequence, record.Event);
            end = new LineHead(record.Sequence, record.Hash);
            switch (record.Event)
            {
                case RecipeActivated:
                    recipe = here;
                    break;
                case ModelActivated:
                    models.Add(here);
                    break;
                case TriggersSeen e when e.Epoch == part.Epoch && part.Counter <= e.UpTo && part.Counter > e.UpTo - e.ExternalIds.Count:
                    (accepted, id) = (here, e.ExternalIds[(int)(part.Counter - (e.UpTo - e.ExternalIds.Count) - 1)]);
                    break;
                case GateActed e when e.Epoch == part.Epoch && e.From <= part.Counter && part.Counter < e.From + e.Count:
                    gate = here;
                    break;
                case PartReviewed { Key: var key } when IsOf(part, key):
                case LateEvidence { Key: var late } when IsOf(part, late):
                case FrameErased { Key: var erased } when IsOf(part, erased):
                    after.Add(here);
                    break;
                default:
                    if (terminal is null && part.IsConcludedBy(record.Event))
                    {
                        (terminal, recipeThen, modelsThen) = (here, recipe, [.. models]);
                    }

                    break;
            }
        }

        return terminal is null ? null : new PartStory(part, KeyOf(part, terminal.Event), id, terminal, recipeThen, modelsThen, accepted, gate, after, end);
    }

    private static bool IsOf(PartName part, TriggerKey key) => key.Epoch == part.Epoch && key.Counter == part.Counter;

    private static TriggerKey KeyOf(PartName part, ILineEvent terminal) => terminal is PartConcluded e ? e.Key : new TriggerKey(part.Line, ((PartsFellBack)terminal).Station, part.Epoch, part.Counter);
}
