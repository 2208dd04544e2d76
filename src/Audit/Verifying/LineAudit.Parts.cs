using System.Text;
using Inspection.Decisions.Packages;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

internal sealed partial class LineAudit
{
    private void On(PartConcluded e)
    {
        if (e.Key.Line != line)
        {
            Find(FindingKind.Terminal, $"part {e.Key} of another line is concluded here");
            return;
        }

        if (Current(e.Key.Station, e.Key.Epoch, $"part {e.Key} is concluded") is not { } station || !Accepted(station, e.Key.Counter))
        {
            return;
        }

        if (station.OpenName(e.Key.Counter) is { } name && name != e.ExternalId)
        {
            Find(FindingKind.Terminal, $"part {e.Key} is concluded as '{e.ExternalId}', and was accepted as '{name}'");
        }

        Conclude(station, e.Key.Counter, e.Conclusion);
        _frames.Name(_last!.Sequence, e);
        if (_recipe is null)
        {
            Find(FindingKind.Recipe, $"part {e.Key} is concluded, and no recipe was activated before");
        }
        else if (_recipe.Name != e.RecipeName)
        {
            Find(FindingKind.Recipe, $"part {e.Key} is concluded for recipe '{e.RecipeName}', and '{_recipe.Name}' was active");
        }

        if (e.Conclusion.IsOk)
        {
            CheckModels(e);
        }
    }

    /// <summary>Promise P4 as far as it can be seen without deriving the verdict: an OK rests on activated models only.</summary>
    private void CheckModels(PartConcluded e)
    {
        foreach (var view in e.Views)
        {
            if (view.Coarse is null || !_models.ContainsKey(view.Coarse.ModelDigest))
            {
                Find(FindingKind.Model, $"part {e.Key} is OK, and the coarse model of view {view.Camera} ({view.Coarse?.ModelDigest.Short ?? "none"}) was not activated before");
            }

            if (view.Verifier is { } verifier && !_models.ContainsKey(verifier.ModelDigest))
            {
                Find(FindingKind.Model, $"part {e.Key} is OK, and the verifier of view {view.Camera} ({verifier.ModelDigest.Short}) was not activated before");
            }
        }
    }

    private void On(PartsFellBack e)
    {
        if (Current(e.Station, e.Epoch, $"parts {e.From}..{e.To} fall back") is not { } station)
        {
            return;
        }

        if (e.From > e.To || !station.IsAccepted(e.From) || !station.IsAccepted(e.To))
        {
            Find(FindingKind.Terminal, $"parts {e.From}..{e.To} of epoch {e.Epoch} fall back, and 1..{station.Seen} were accepted");
            return;
        }

        for (var counter = e.From; counter <= e.To; counter++)
        {
            Conclude(station, counter, Conclusion.FellBack(e.Reason));
        }
    }

    private void On(GateActed e)
    {
        if (Current(e.Station, e.Epoch, "the gate acts") is not { } station)
        {
            return;
        }

        if (e.From != station.Acted + 1)
        {
            Find(FindingKind.Gate, $"acts of the gate from {e.From} follow acts up to {station.Acted}: each act is recorded once, in order");
        }

        for (var i = 0; i < e.Count; i++)
        {
            var counter = e.From + i;
            if (!station.IsAccepted(counter))
            {
                Find(FindingKind.Gate, $"the gate acted on trigger {counter} of epoch {e.Epoch}, and {station.Seen} were accepted");
                break;
            }

            if (!e.IsPassed(i))
            {
                continue;
            }

            _passed++;
            if (station.ConclusionOf(counter) is not { IsOk: true } conclusion)
            {
                Find(FindingKind.Gate, $"the gate passed part {Part(station, counter)}, and {(station.ConclusionOf(counter) is { } other ? $"its committed conclusion is {other}" : "no conclusion was committed before")}");
            }
        }

        station.Acted = Math.Clamp(e.From + e.Count - 1, station.Acted, station.Seen);
    }

    private void On(PartReviewed e)
    {
        if (e.Key.Line != line)
        {
            Find(FindingKind.Terminal, $"part {e.Key} of another line is reviewed here");
            return;
        }

        if (_stations.GetValueOrDefault(e.Key.Station) is { } station && station.Epoch == e.Key.Epoch)
        {
            if (station.IsAccepted(e.Key.Counter) && station.ConclusionOf(e.Key.Counter) is { } conclusion && conclusion == e.Before)
            {
                return;
            }

            Find(FindingKind.Terminal, $"part {e.Key} is reviewed from {e.Before}, and its committed conclusion is {(station.IsAccepted(e.Key.Counter) ? station.ConclusionOf(e.Key.Counter)?.ToString() ?? "open" : "not there")}");
        }
        else if (!_past.TryGetValue(e.Key.Epoch, out var past) || past.Station != e.Key.Station || e.Key.Counter < 1 || e.Key.Counter > past.Last)
        {
            Find(FindingKind.Terminal, $"part {e.Key} is reviewed, and no such part was accepted");
        }
    }

    private void On(LateEvidence e)
    {
        if (e.Key.Line != line)
        {
            Find(FindingKind.Terminal, $"late evidence for part {e.Key} of another line is recorded here");
            return;
        }

        if (Current(e.Key.Station, e.Key.Epoch, $"late evidence for part {e.Key} comes") is { } station
            && (!station.IsAccepted(e.Key.Counter) || station.ConclusionOf(e.Key.Counter) is null))
        {
            Find(FindingKind.Terminal, $"late evidence for part {e.Key} is recorded, and it was not concluded before");
        }

        _frames.Name(_last!.Sequence, e);
    }

    /// <summary>Stops and ways back, each once and in turn.</summary>
    private void On(InterlockChanged e)
    {
        var before = _interlocks.GetValueOrDefault(e.Station);
        if (e.Change != before + 1 || !_stations.ContainsKey(e.Station))
        {
            Find(FindingKind.Counter, $"change {e.Change} of the interlock of station {e.Station} is recorded after change {before}");
        }

        _interlocks[e.Station] = e.Change;
    }

    private void On(FrameErased e)
    {
        if (e.Key.Line != line)
        {
            Find(FindingKind.Frame, $"a frame of part {e.Key} of another line is erased here");
            return;
        }

        _frames.Erase(_last!.Sequence, e);
    }

    private void On(ModelActivated e)
    {
        _models[e.Policy.ModelDigest] = e.Policy;
        try
        {
            if (ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(e.Manifest)) != e.Policy)
            {
                Find(FindingKind.Model, $"the policy of model {e.PackageName} is not what its package.json in the same record says");
            }
        }
        catch (FormatException x)
        {
            Find(FindingKind.Model, $"the package.json of model {e.PackageName} in this record gives no policy: {x.Message}");
        }
    }

    private bool Accepted(StationAudit station, long counter)
    {
        if (station.IsAccepted(counter))
        {
            return true;
        }

        Find(FindingKind.Terminal, $"part {Part(station, counter)} is concluded, and it was never accepted (1..{station.Seen} were)");
        return false;
    }

    private void Conclude(StationAudit station, long counter, Conclusion conclusion)
    {
        if (!station.Conclude(counter, conclusion))
        {
            Find(FindingKind.Terminal, $"part {Part(station, counter)} is concluded as {conclusion}, and has a terminal record already ({station.ConclusionOf(counter)})");
            return;
        }

        _decided += conclusion.IsDecided ? 1 : 0;
        _fallback += conclusion.IsDecided ? 0 : 1;
    }
}
