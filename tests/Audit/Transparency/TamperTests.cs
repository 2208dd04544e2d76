using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>
/// Promise P5: whoever holds the two public keys and the last cosigned checkpoint finds every change at or before it, whoever made it and however
/// cleverly; and a record that is touched is named.
/// </summary>
public sealed class TamperTests : IDisposable
{
    private const int Plants = 20;
    private const int TamperingsAPlant = 500;

    private readonly AuditKeys _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    [Trait("Speed", "Slow")]
    public void Ten_thousand_seeded_tamperings_are_all_found_and_name_the_record_they_touch()
    {
        var (missed, done) = (new ConcurrentBag<string>(), 0);
        _ = Parallel.For(0, Plants, seed =>
        {
            var plant = LoggedPlant.Make(seed, _keys);
            var clean = JournalVerifier.Verify(plant, plant.Trust);
            if (!clean.IsGood)
            {
                missed.Add($"plant {seed} is clean, and: {clean.First}");
            }

            for (var i = 0; i < TamperingsAPlant; i++)
            {
                var random = new Random((seed * TamperingsAPlant) + i);
                var copy = plant.Copy();
                var tampering = new Tamperer(copy, random).Do(i % Tamperer.KindCount, clever: i / Tamperer.KindCount % 2 == 1);
                if (Missed(JournalVerifier.Verify(copy, copy.Trust), tampering) is { } why)
                {
                    missed.Add(string.Create(CultureInfo.InvariantCulture, $"plant {seed}, tampering {i}: {tampering.What}: {why}"));
                }

                _ = Interlocked.Increment(ref done);
            }
        });
        Assert.Equal(Plants * TamperingsAPlant, done);
        Assert.True(missed.IsEmpty, $"{missed.Count} of {done}:\n{string.Join('\n', missed.Take(20))}");
    }

    /// <summary>Null: it was found, and names what it touches.</summary>
    private static string? Missed(VerifyReport report, Tampering tampering)
    {
        if (report.IsGood)
        {
            return "not found";
        }

        if (tampering.Touched is not var (line, sequence))
        {
            return null;
        }

        return report.Findings.Any(f => Names(f, line, sequence)) ? null : $"record {sequence} of line {line} is not named, but {report.First}";
    }

    /// <summary>
    /// A record itself; the one after it, where it is missing or was changed over; the leaf's records, where every hash of the line fits; or the
    /// leaves since the checkpoint before, where their hashes fit as well.
    /// </summary>
    private static bool Names(Finding finding, LineId line, long sequence)
    {
        if (finding.Kind == FindingKind.Checkpoint)
        {
            return Regex.Matches(finding.What, $"records ([0-9]+) to ([0-9]+) of line {line}").Any(m => IsIn(m, sequence));
        }

        var leaf = Regex.Match(finding.What, "another of records ([0-9]+) to ([0-9]+)");
        return finding.Line == line.Value && (leaf.Success ? IsIn(leaf, sequence) : finding.Sequence == sequence || finding.Sequence == sequence + 1);
    }

    private static bool IsIn(Match range, long sequence) =>
        long.Parse(range.Groups[1].ValueSpan, CultureInfo.InvariantCulture) <= sequence && sequence <= long.Parse(range.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
}
