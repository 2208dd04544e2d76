using System.Globalization;
using Inspection.Protocol;
using Npgsql;

namespace Inspection.Tests.Support.Cluster;

/// <summary>A part as the journal names it, on one line.</summary>
public readonly record struct Part(string Line, long Epoch, long Counter);

/// <summary>
/// What a plant's journal says, read by plain SQL and judged here, without the product's own auditor: sequences without a hole, contiguous
/// counters, one terminal record a trigger, every epoch ended or current.
/// </summary>
public sealed class JournalCheck
{
    private readonly Dictionary<Part, int> _terminal = [];
    private readonly Dictionary<(string Line, string Station), EpochGranted> _current = [];
    private readonly Dictionary<(string Line, long Epoch), long> _seen = [];
    private readonly HashSet<(string Line, long Epoch)> _ended = [];

    public List<string> Findings { get; } = [];

    public Dictionary<Part, DateTime> PassedBy { get; } = [];

    public long Accepted { get; private set; }

    public Dictionary<FallbackReason, long> Fallbacks { get; } = [];

    /// <summary>Every part that fell back, as it stands in the journal: for a test that counts them and must say which.</summary>
    public List<string> FallenBack { get; } = [];

    public int Decided { get; private set; }

    public int Epochs { get; private set; }

    public int UnknownTails { get; private set; }

    public long Fallback => Fallbacks.Values.Sum();

    public long Open => Accepted - Decided - Fallback;

    public static async Task<JournalCheck> ReadAsync(string connectionString)
    {
        var check = new JournalCheck();
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false"); // the server may have been restarted since
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT persistence_id, sequence_number, message FROM journal WHERE persistence_id LIKE 'line-%' ORDER BY persistence_id, sequence_number", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var (id, sequence) = ("", 0L);
        while (await rows.ReadAsync())
        {
            (id, sequence) = rows.GetString(0) == id ? (id, sequence + 1) : (rows.GetString(0), 1);
            if (rows.GetInt64(1) != sequence)
            {
                check.Find($"{id}: record {rows.GetInt64(1)} stands where {sequence} should");
                sequence = rows.GetInt64(1);
            }

            var line = id["line-".Length..];
            check.Take(line, ChainReader.Peek(new LineId(line), sequence, rows.GetFieldValue<byte[]>(2)));
        }

        return check;
    }

    /// <summary>Promises P1, P2; rules J2, L1. <paramref name="healed"/>: nothing may be open.</summary>
    public JournalCheck IsInOrder(bool healed = false)
    {
        Assert.True(Findings.Count == 0, $"{Findings.Count} findings, the first: {string.Join("; ", Findings.Take(10))}");
        Assert.True(Accepted == Decided + Fallback + Open && Open >= 0 && (!healed || Open == 0), $"conservation is broken or parts are open: {this}");
        return this;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"accepted {Accepted} = decided {Decided} + fallback {Fallback} ({string.Join(", ", Fallbacks.Select(f => $"{f.Key} {f.Value}"))}) + open {Open}; {Epochs} epochs, {UnknownTails} with an unknown tail");

    private void Take(string line, ILineEvent stored)
    {
        switch (stored)
        {
            case EpochGranted e:
                if (_current.TryGetValue((line, e.Station.Value), out var before) && !_ended.Contains((line, before.Epoch)))
                {
                    Find($"{line}: epoch {e.Epoch} was granted while {before.Epoch} had not ended");
                }

                if (!_seen.TryAdd((line, e.Epoch), 0))
                {
                    Find($"{line}: epoch {e.Epoch} was granted twice");
                }

                _current[(line, e.Station.Value)] = e;
                Epochs++;
                break;
            case TriggersSeen e:
                var from = e.UpTo - e.ExternalIds.Count + 1;
                if (_seen.GetValueOrDefault((line, e.Epoch), -1) != from - 1 || _ended.Contains((line, e.Epoch)))
                {
                    Find($"{line}: triggers {from}..{e.UpTo} of epoch {e.Epoch} follow {_seen.GetValueOrDefault((line, e.Epoch), -1)}");
                }

                _seen[(line, e.Epoch)] = e.UpTo;
                Accepted += e.ExternalIds.Count;
                break;
            case PartConcluded e:
                Conclude(new Part(line, e.Key.Epoch, e.Key.Counter));
                if (e.Conclusion.Fallback is { } reason)
                {
                    FellBack(line, e.UtcTicks, e.Key.Epoch, e.Key.Counter, e.Key.Counter, reason);
                    break;
                }

                Decided++;
                if (e.Conclusion.IsOk)
                {
                    PassedBy[new Part(line, e.Key.Epoch, e.Key.Counter)] = new DateTime(e.UtcTicks, DateTimeKind.Utc);
                }

                break;
            case PartsFellBack e:
                for (var counter = e.From; counter <= e.To; counter++)
                {
                    Conclude(new Part(line, e.Epoch, counter));
                }

                FellBack(line, e.UtcTicks, e.Epoch, e.From, e.To, e.Reason);
                break;
            case EpochEnded e:
                if (e.Last != _seen.GetValueOrDefault((line, e.Epoch), -1))
                {
                    Find($"{line}: epoch {e.Epoch} ended at {e.Last}, seen up to {_seen.GetValueOrDefault((line, e.Epoch), -1)}");
                }

                for (var counter = 1L; counter <= e.Last; counter++)
                {
                    if (!_terminal.ContainsKey(new Part(line, e.Epoch, counter)))
                    {
                        Find($"{line}: epoch {e.Epoch} ended while part {counter} was open");
                    }
                }

                _ = _ended.Add((line, e.Epoch));
                UnknownTails += e.Tail == EpochTail.Unknown ? 1 : 0;
                break;
            default:
                break; // tells nothing about a part
        }
    }

    private void FellBack(string line, long utcTicks, long epoch, long from, long to, FallbackReason reason)
    {
        Fallbacks[reason] = Fallbacks.GetValueOrDefault(reason) + (to - from + 1);
        FallenBack.Add(string.Create(CultureInfo.InvariantCulture, $"{new DateTime(utcTicks, DateTimeKind.Utc):HH:mm:ss.fff} {line} {epoch}/{from}..{to} {reason}"));
    }

    private void Conclude(Part part)
    {
        if (part.Counter < 1 || part.Counter > _seen.GetValueOrDefault((part.Line, part.Epoch), -1))
        {
            Find($"{part} has a terminal record and was never accepted");
        }

        if (!_terminal.TryAdd(part, 1))
        {
            Find($"{part} has a second terminal record");
        }
    }

    private void Find(string what) => Findings.Add(what);
}
