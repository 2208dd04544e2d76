using System.Collections.Immutable;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>
/// Rule V6: a ledger's state as bytes, canonical (sorted), so that equal states have equal bytes. A cache: <see cref="Sequence"/> and
/// <see cref="Head"/> tie it to the chain, and a snapshot that does not fit is thrown away.
/// </summary>
public sealed record LedgerSnapshot(long Sequence, Digest Head, LedgerState State)
{
    private const int Format = 1;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Dto(
        Format,
        Sequence,
        Head.ToString(),
        State.Line.Value,
        State.LastEpoch,
        State.Totals,
        State.Recipe is { } r ? RecipeDto.From(r) : null,
        [.. State.Models.Values.Select(ModelDto.From).OrderBy(m => m.Digest, StringComparer.Ordinal)],
        [.. State.Stations.Values.Select(StationDto.From).OrderBy(s => s.Station, StringComparer.Ordinal)]));

    /// <exception cref="FormatException">The bytes are no snapshot of this format.</exception>
    public static LedgerSnapshot FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var dto = JsonSerializer.Deserialize<Dto>(bytes) ?? throw new FormatException("empty snapshot");
            if (dto.Format != Format)
            {
                throw new FormatException($"snapshot format {dto.Format}, this program reads {Format}");
            }

            var state = new LedgerState
            {
                Line = new LineId(dto.Line),
                LastEpoch = dto.LastEpoch,
                Totals = dto.Totals,
                Recipe = dto.Recipe?.ToRecipe(),
                Models = dto.Models.Select(m => m.ToPolicy()).ToImmutableDictionary(m => m.ModelDigest),
                Stations = dto.Stations.Select(s => s.ToState()).ToImmutableDictionary(s => s.Station),
            };
            return new LedgerSnapshot(dto.Sequence, Digest.Parse(dto.Head), state);
        }
        catch (Exception e) when (e is not FormatException)
        {
            throw new FormatException($"not a ledger snapshot: {e.Message}", e);
        }
    }

    private sealed record Dto(int Format, long Sequence, string Head, string Line, long LastEpoch, LedgerTotals Totals, RecipeDto? Recipe, ModelDto[] Models, StationDto[] Stations);

    private sealed record RecipeDto(string Name, string[] Views, long DeadlineTicks, bool HasVerifier, Disposition OnNg, Disposition OnReview, Disposition OnFallback, string[] ByDefect)
    {
        public static RecipeDto From(Recipe r) => new(
            r.Name,
            [.. r.Views.Select(v => $"{v.Station}/{v.Camera}")],
            r.DecisionDeadline.Ticks,
            r.HasVerifier,
            r.OnNg,
            r.OnReview,
            r.OnFallback,
            [.. r.ByDefect.Select(d => $"{(int)d.Disposition}/{d.DefectClass}")]);

        public Recipe ToRecipe() => new()
        {
            Name = Name,
            Views = Views.Select(v => v.Split('/')).Select(v => new RequiredView(new StationId(v[0]), new CameraId(v[1]))).ToEquatableList(),
            DecisionDeadline = TimeSpan.FromTicks(DeadlineTicks),
            HasVerifier = HasVerifier,
            OnNg = OnNg,
            OnReview = OnReview,
            OnFallback = OnFallback,
            ByDefect = ByDefect.Select(d => d.Split('/', 2)).Select(d => new DefectDisposition(d[1], (Disposition)int.Parse(d[0], System.Globalization.CultureInfo.InvariantCulture))).ToEquatableList(),
        };
    }

    /// <summary>Floats travel as their bits: a snapshot must not round a threshold.</summary>
    private sealed record ModelDto(string Digest, ModelStage Stage, string Thresholds, string Calibration, int[] Bits)
    {
        public static ModelDto From(ModelPolicy m) => new(
            m.ModelDigest.ToString(),
            m.Stage,
            m.ThresholdsDigest.ToString(),
            m.CalibrationDigest.ToString(),
            [.. new[] { m.Candidate, m.Reject, m.ClearLimit, m.OodLimit, m.Tolerance, m.NgProbability, m.OkProbability }.Select(BitConverter.SingleToInt32Bits)]);

        public ModelPolicy ToPolicy()
        {
            var f = Bits.Select(BitConverter.Int32BitsToSingle).ToArray();
            return new ModelPolicy
            {
                ModelDigest = Protocol.Digest.Parse(Digest),
                Stage = Stage,
                ThresholdsDigest = Protocol.Digest.Parse(Thresholds),
                CalibrationDigest = Protocol.Digest.Parse(Calibration),
                Candidate = f[0],
                Reject = f[1],
                ClearLimit = f[2],
                OodLimit = f[3],
                Tolerance = f[4],
                NgProbability = f[5],
                OkProbability = f[6],
            };
        }
    }

    private sealed record ClosedDto(long Epoch, long Counter, Verdict? Verdict, FallbackReason? Fallback, Disposition Disposition, string DefectClass, string[] Missing);

    private sealed record OpenDto(long Counter, string ExternalId);

    private sealed record StationDto(
        string Station, long Epoch, string Holder, string Incarnation, bool Ended, long SeenUpTo, string LastExternalId, long ActedUpTo, OpenDto[] Open, ClosedDto[] Recent, long Interlock = 0)
    {
        public static StationDto From(StationState s) => new(
            s.Station.Value,
            s.Epoch,
            s.Holder.Value,
            s.Incarnation,
            s.Ended,
            s.SeenUpTo,
            s.LastExternalId,
            s.ActedUpTo,
            [.. s.Open.Select(o => new OpenDto(o.Key, o.Value))],
            [.. s.Recent.Select(r => new ClosedDto(
                r.Key.Epoch,
                r.Key.Counter,
                r.Value.Conclusion.Verdict,
                r.Value.Conclusion.Fallback,
                r.Value.Disposition,
                r.Value.DefectClass,
                [.. r.Value.MissingViews.Select(v => v.Value).Order(StringComparer.Ordinal)]))],
            s.Interlock);

        public StationState ToState() => new()
        {
            Station = new StationId(Station),
            Epoch = Epoch,
            Holder = new NodeId(Holder),
            Incarnation = Incarnation,
            Ended = Ended,
            SeenUpTo = SeenUpTo,
            LastExternalId = LastExternalId,
            ActedUpTo = ActedUpTo,
            Interlock = Interlock,
            Open = Open.ToImmutableSortedDictionary(o => o.Counter, o => o.ExternalId),
            Recent = Recent.ToImmutableSortedDictionary(
                r => (r.Epoch, r.Counter),
                r => new ClosedPart(
                    r.Verdict is { } v ? Conclusion.Decided(v) : Conclusion.FellBack(r.Fallback!.Value),
                    r.Disposition,
                    r.DefectClass,
                    r.Missing.Select(m => new CameraId(m)).ToImmutableHashSet())),
        };
    }
}
