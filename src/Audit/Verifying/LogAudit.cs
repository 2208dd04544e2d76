using System.Globalization;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>
/// Judges the plant's log (rule J8): its chain, its leaves' order, every checkpoint's root and signatures, what was held before; and tells each
/// line's records where they have to end. Keeps one hash a leaf and 64 bytes of the tree.
/// </summary>
internal sealed class LogAudit
{
    /// <summary>Of leaves that a wrong checkpoint may be about.</summary>
    private const int MostPlaces = 20;

    private readonly LogTrust _trust;
    private readonly Action<Finding> _report;
    private readonly LogBook _book = new();
    private readonly Dictionary<LineId, Queue<LogExtent>> _extents = [];
    private readonly SortedSet<string> _signedBy = [];
    private readonly List<LogExtent> _sinceSigned = [];
    private readonly Dictionary<NoteVerifier, (long Size, long Time)> _cosigned = [];
    private long _records;
    private long _checkpoints;

    private LogAudit(LogTrust trust, Action<Finding> report) => (_trust, _report) = (trust, report);

    /// <summary>Null: the source keeps no log.</summary>
    public LogVerification? Result => _records == 0 ? null : new(
        _book.Signed?.Origin ?? "(never signed)",
        _records,
        _book.Tree.Size,
        _checkpoints,
        _book.Signed?.Size ?? 0,
        (_book.Signed?.Root ?? MerkleHash.Empty).ToString(),
        [.. _signedBy],
        _trust.Witnesses is [] ? null : _trust.Witnesses.Min(w => _cosigned.GetValueOrDefault(w).Size),
        _cosigned.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(_cosigned.Values.Min(c => c.Time)),
        _cosigned.Count == 0 ? null : string.Join(" and ", _cosigned.Keys.Select(k => k.Title).Order(StringComparer.Ordinal)));

    public static LogAudit Read(IJournalSource source, LogTrust trust, Action<Finding> report)
    {
        var audit = new LogAudit(trust, report);
        audit.ReadAll(source);
        return audit;
    }

    /// <summary>The leaves of a line in their order; taken out as its records pass.</summary>
    public Queue<LogExtent> ExtentsOf(LineId line) => _extents.GetValueOrDefault(line) ?? new Queue<LogExtent>();

    /// <summary>Lines that the log has and the source has not.</summary>
    public IEnumerable<LineId> LinesWithout(IReadOnlyCollection<LineId> lines) => _extents.Keys.Except(lines).OrderBy(l => l.Value, StringComparer.Ordinal);

    private void ReadAll(IJournalSource source)
    {
        try
        {
            foreach (var record in source.LogChain())
            {
                _records++;
                if (!Apply(record))
                {
                    break;
                }
            }
        }
        catch (BrokenChainException e)
        {
            Find(FindingKind.Log, e.Sequence, Finding.Of(e).What);
            if (_records == 0)
            {
                return; // there is a log, and nothing of it can be read
            }
        }

        if (_records == 0)
        {
            if (_trust is not { LogKeys: [], Witnesses: [], Held: [] })
            {
                Find(FindingKind.Log, 0, "there is no log here, and a key or a checkpoint of one was given");
            }

            return;
        }

        if (_checkpoints == 0 && _trust.LogKeys is not [])
        {
            Find(FindingKind.Checkpoint, 0, "no checkpoint was ever signed");
        }

        CheckHeld();
        CheckCosigned();
    }

    private bool Apply(ChainRecord record)
    {
        try
        {
            _book.Apply(record.Event);
        }
        catch (LogException e)
        {
            var where = e.Fault == LogFault.Checkpoint && _sinceSigned.Count > 0 ? $"; if it is a leaf that was changed, then since the checkpoint before: {Places(_sinceSigned)}" : "";
            Find(e.Fault == LogFault.Checkpoint ? FindingKind.Checkpoint : FindingKind.Log, record.Sequence, $"{e.Message}{where}; later records of the log are not judged");
            return false;
        }

        switch (record.Event)
        {
            case LogExtended e:
                foreach (var extent in e.Extents)
                {
                    _sinceSigned.Add(extent);
                    (_extents.TryGetValue(extent.Line, out var own) ? own : _extents[extent.Line] = new Queue<LogExtent>()).Enqueue(extent);
                }

                break;
            case LogSigned:
                _checkpoints++;
                _sinceSigned.Clear();
                CheckSignatures(record.Sequence, _book.Note!, _book.Signed!);
                break;
        }

        return true;
    }

    /// <exception cref="NoteException">The auditor's keys are all of other logs: nothing here can be judged with them.</exception>
    private void CheckSignatures(long sequence, SignedNote note, Checkpoint checkpoint)
    {
        if (_trust.LogKeys is not [] && _trust.LogKeys.All(k => k.Name != checkpoint.Origin))
        {
            throw new NoteException($"the log here is {checkpoint.Origin}, and the given keys are of {string.Join(", ", _trust.LogKeys.Select(k => k.Name).Distinct())}: these are records of another plant, or that is another plant's key");
        }

        try
        {
            if (_trust.LogKeys is not [])
            {
                var by = _trust.LogKeys.Where(k => k.ToString() == _book.Key && note.VerifiedBy(k).Count > 0).ToList();
                by.ForEach(k => _signedBy.Add(k.Title));
                if (by is [])
                {
                    Find(FindingKind.Checkpoint, sequence, $"the checkpoint at {checkpoint.Size} leaves carries no signature by {string.Join(" or ", _trust.LogKeys.Select(k => k.Title))}; the log says that {_book.Key} signs");
                }
            }

            foreach (var witness in _trust.Witnesses)
            {
                if (note.VerifiedBy(witness) is { Count: > 0 } own)
                {
                    _cosigned[witness] = (checkpoint.Size, own.Max(NoteVerifier.TimeOf) ?? 0);
                }
            }
        }
        catch (NoteException e)
        {
            Find(FindingKind.Checkpoint, sequence, e.Message);
        }
    }

    private void CheckHeld()
    {
        foreach (var (file, note) in _trust.Held)
        {
            try
            {
                var held = Checkpoint.Parse(note.Text);
                if (_trust.LogKeys is not [] && !_trust.LogKeys.Any(k => note.VerifiedBy(k).Count > 0))
                {
                    Find(FindingKind.Held, 0, $"the held checkpoint {file} is not signed by the log's key");
                }
                else if (held.Size > _book.Tree.Size)
                {
                    Find(FindingKind.Held, 0, $"the held checkpoint {file} has {held.Size} leaves, and the log here {_book.Tree.Size}: what followed was cut off");
                }
                else if (held.Root != _book.Tree.RootOf(held.Size))
                {
                    Find(FindingKind.Held, 0, $"the held checkpoint {file} at {held.Size} leaves has another root than the log here: one of the two is another history (origin {held.Origin}, here {_book.Signed?.Origin ?? "none"})");
                }
            }
            catch (NoteException e)
            {
                Find(FindingKind.Held, 0, $"the held checkpoint {file}: {e.Message}");
            }
        }
    }

    private void CheckCosigned()
    {
        var last = _book.Signed?.Size ?? 0;
        foreach (var witness in _trust.Witnesses)
        {
            var isThere = _cosigned.TryGetValue(witness, out var own);
            if (!isThere || own.Size < last)
            {
                Find(FindingKind.Witness, 0, $"{(isThere ? string.Create(CultureInfo.InvariantCulture, $"only the first {own.Size} of {last} signed leaves are") : "no checkpoint is")} cosigned by {witness.Title}: what follows rests on the log's own word");
            }
        }
    }

    private void Find(FindingKind kind, long sequence, string what) =>
        _report(new Finding(kind, "", sequence, sequence == 0 ? what : string.Create(CultureInfo.InvariantCulture, $"record {sequence} of the log: {what}")));

    private static string Places(List<LogExtent> extents) => string.Join(", ", extents.Take(MostPlaces).Select(x => string.Create(CultureInfo.InvariantCulture, $"records {x.From} to {x.To} of line {x.Line}"))) + (extents.Count > MostPlaces ? ", ..." : "");
}
