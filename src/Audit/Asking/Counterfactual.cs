using System.Globalization;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Totals;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>What to judge again, and how.</summary>
/// <param name="Values">Thresholds in place of the recorded ones, by their names (<see cref="PolicyValues.Names"/>).</param>
/// <param name="EscapeCost">Of a bad part that passes; null: no money is stated.</param>
/// <param name="OverkillCost">Of a good part that does not pass.</param>
public sealed record CounterfactualPolicy(IReadOnlyDictionary<string, float> Values, double? EscapeCost, double? OverkillCost);

/// <param name="From">Inclusive; null: from the first part.</param>
/// <param name="Before">Exclusive; null: to the last.</param>
/// <param name="Lines">Empty: all.</param>
public sealed record CounterfactualRange(DateTime? From, DateTime? Before, IReadOnlySet<LineId> Lines);

/// <summary>A part whose verdict would have been another.</summary>
public sealed record ChangedPart(string Part, string ExternalId, long Sequence, DateTime Utc, string Recorded, string Would, string Because, string? Truth);

/// <summary>Parts of known truth under one policy.</summary>
public sealed record TruthTable(long Good, long Bad, long Escapes, long Overkill, double? Cost);

/// <param name="Judged">Parts with a recorded verdict in the range.</param>
/// <param name="NotJudged">Parts that fell back: no evidence to judge.</param>
/// <param name="Changed">The first of them; all are counted in <paramref name="ChangedCount"/>.</param>
/// <param name="Moves">From recorded to would-be verdict, to parts.</param>
/// <param name="Recorded">Null where no truth was given: then nothing is said of escapes or money.</param>
/// <param name="Unverified">Parts with a view that would have been a candidate and that no verifier looked at: Review, as nothing else is known.</param>
/// <param name="SelfApproved">Models in the range that nobody but the plant itself approved.</param>
public sealed record CounterfactualReport(
    string Source,
    IReadOnlyDictionary<string, float> Values,
    long Judged,
    long NotJudged,
    long ChangedCount,
    IReadOnlyDictionary<string, long> Moves,
    IReadOnlyList<ChangedPart> Changed,
    TruthTable? Recorded,
    TruthTable? Would,
    long Unverified,
    IReadOnlyList<string> SelfApproved)
{
    public const int MostListed = 50;

    public string ToJson() => AuditJson.ToJson(this);

    public void Print(TextWriter to)
    {
        to.WriteLine(Source);
        to.WriteLine($"  judged again with {string.Join(", ", Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:R}")))}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Judged} parts, {ChangedCount} would have another verdict ({(Moves.Count == 0 ? "none" : string.Join(", ", Moves.Select(m => $"{m.Key}: {m.Value}")))}); {NotJudged} fell back and have nothing to judge"));
        if (Unverified > 0)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Unverified} of them would have gone to the verifier, which never saw them: counted as Review"));
        }

        foreach (var model in SelfApproved)
        {
            to.WriteLine($"  model {model} was SELF-APPROVED: nobody but the plant itself approved it");
        }

        if (Recorded is { } was && Would is { } would)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  of {was.Bad} bad and {was.Good} good parts by their labels: escapes {was.Escapes} -> {would.Escapes}, overkill {was.Overkill} -> {would.Overkill}{(was.Cost is { } c ? $", cost {c:0.##} -> {would.Cost:0.##} (at the prices given)" : "")}"));
        }
        else
        {
            to.WriteLine("  the truth of these parts is not known here: changes of verdict only, no escapes and no money (--labels folder: the first folder of a part's name is its label)");
        }

        foreach (var p in Changed)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {p.Part} ({p.ExternalId}, record {p.Sequence}, {p.Utc:yyyy-MM-dd HH:mm:ss}): {p.Recorded} -> {p.Would}: {p.Because}"));
        }

        if (ChangedCount > Changed.Count)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {ChangedCount - Changed.Count} more"));
        }
    }
}

/// <summary>A range of decisions judged again under other thresholds, with the policy function of the live supervisor. Streams; no model is run.</summary>
public static class Counterfactual
{
    /// <param name="truthOf">"good" or a defect class by external id, null where it is not known; null: no truth at all.</param>
    /// <exception cref="BrokenChainException">A record is not as it was written: nothing is said of a journal that is not whole.</exception>
    public static CounterfactualReport Run(IJournalSource source, CounterfactualPolicy policy, CounterfactualRange range, Func<string, string?>? truthOf)
    {
        var count = new Count(policy, truthOf);
        foreach (var line in source.Lines.Where(l => range.Lines.Count == 0 || range.Lines.Contains(l)))
        {
            var judge = new Judge(policy);
            foreach (var record in source.Chain(line))
            {
                var at = new DateTime(record.Event.UtcTicks, DateTimeKind.Utc);
                if (at >= range.Before)
                {
                    break;
                }

                judge.Follow(record.Event);
                if (range.From is null || at >= range.From)
                {
                    count.Add(record, at, judge);
                }
            }

            count.SelfApproved.UnionWith(judge.SelfApproved);
        }

        return count.Report(source.Description);
    }

    /// <summary>The line's recipe and models with the changed values.</summary>
    private sealed class Judge(CounterfactualPolicy policy)
    {
        private readonly Dictionary<Digest, ModelPolicy> _models = [];
        private Recipe? _recipe;

        public SortedSet<string> SelfApproved { get; } = [];

        public void Follow(ILineEvent e)
        {
            switch (e)
            {
                case RecipeActivated x:
                    _recipe = x.Recipe;
                    break;
                case ModelActivated x:
                    _models[x.Policy.ModelDigest] = PolicyValues.With(x.Policy, policy.Values);
                    _ = x.Approval == ModelActivated.SelfApproved && SelfApproved.Add(x.PackageName);
                    break;
            }
        }

        public Judgement Again(ReplayInput input) => PartPolicy.Judge(
            _recipe ?? throw new InvalidDataException($"part {input.Key} was concluded without a recipe: verify the journal first"), input.Key.Station, input.Views, _models.GetValueOrDefault);

        /// <summary>A candidate under the changed threshold that the verifier was not asked about.</summary>
        public bool IsUnverified(ViewEvidence view) => _recipe is { HasVerifier: true } && view.Verifier is null && view.Coarse is { } stamp
            && _models.GetValueOrDefault(stamp.ModelDigest) is { } model && view.CoarseScore >= model.Candidate;
    }

    private sealed class Count(CounterfactualPolicy policy, Func<string, string?>? truthOf)
    {
        private readonly SortedDictionary<string, long> _moves = new(StringComparer.Ordinal);
        private readonly List<ChangedPart> _changed = [];
        private readonly Truths _was = new(), _would = new();
        private long _judged, _notJudged, _changedCount, _unverified;

        public SortedSet<string> SelfApproved { get; } = [];

        public void Add(ChainRecord record, DateTime at, Judge judge)
        {
            switch (record.Event)
            {
                case PartsFellBack e:
                    _notJudged += e.To - e.From + 1;
                    break;
                case PartConcluded { Conclusion.IsDecided: false }:
                    _notJudged++;
                    break;
                case PartConcluded e:
                    Compare(record, e, at, judge);
                    break;
            }
        }

        public CounterfactualReport Report(string source) => new(
            source, policy.Values, _judged, _notJudged, _changedCount, _moves, _changed, truthOf is null ? null : _was.Table(policy), truthOf is null ? null : _would.Table(policy), _unverified, [.. SelfApproved]);

        private void Compare(ChainRecord record, PartConcluded e, DateTime at, Judge judge)
        {
            _judged++;
            var would = judge.Again(RecordedVerdict.Split(e).Input);
            var truth = truthOf?.Invoke(e.ExternalId);
            _was.Add(truth, e.Conclusion.IsOk);
            _would.Add(truth, would.Conclusion.IsOk);
            if (would.Conclusion == e.Conclusion)
            {
                return;
            }

            var move = $"{e.Conclusion} -> {would.Conclusion}";
            _moves[move] = _moves.GetValueOrDefault(move) + 1;
            _unverified += e.Views.Any(judge.IsUnverified) ? 1 : 0;
            if (++_changedCount <= CounterfactualReport.MostListed)
            {
                _changed.Add(new ChangedPart(e.Key.ToString(), e.ExternalId, record.Sequence, at, e.Conclusion.ToString(), would.Conclusion.ToString(), would.Reason, truth));
            }
        }

        private sealed class Truths
        {
            private long _good, _bad, _escapes, _overkill;

            public void Add(string? truth, bool isOk)
            {
                _good += truth == JournalTotals.Good ? 1 : 0;
                _bad += truth is not (null or JournalTotals.Good) ? 1 : 0;
                _escapes += truth is not (null or JournalTotals.Good) && isOk ? 1 : 0;
                _overkill += truth == JournalTotals.Good && !isOk ? 1 : 0;
            }

            public TruthTable Table(CounterfactualPolicy prices) => new(
                _good, _bad, _escapes, _overkill, prices is { EscapeCost: { } escape, OverkillCost: { } overkill } ? (_escapes * escape) + (_overkill * overkill) : null);
        }
    }
}
