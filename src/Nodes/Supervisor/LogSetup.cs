using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Nodes.Supervisor;

/// <summary>What the builder of a plant's log works with: its key, its witnesses, and the journal to read.</summary>
public sealed class LogSetup : IDisposable
{
    /// <summary>The longest a witness is waited for: the log goes on without it.</summary>
    private static readonly TimeSpan WitnessTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new() { Timeout = WitnessTimeout };

    private LogSetup(NoteSigner signer, LogPlan plan, Func<IJournalSource> journal)
    {
        Signer = signer;
        OpenJournal = journal;
        Witnesses = [.. plan.Witnesses.Select(w => new WitnessClient(_http, w.Address, NoteKeyFile.Verifiers(w.KeyPath, NoteKeyKind.Cosignature)[0]))];
    }

    public NoteSigner Signer { get; }

    public IReadOnlyList<WitnessClient> Witnesses { get; }

    public Func<IJournalSource> OpenJournal { get; }

    /// <summary>How the log is, for people.</summary>
    public LogHealth Health { get; } = new();

    /// <param name="makesKey">Whether a key is made where there is none: in a process of all roles, which shares it with nobody.</param>
    /// <exception cref="PlantException">A key is missing or none.</exception>
    public static LogSetup Open(Plant plant, bool makesKey)
    {
        var plan = plant.Log ?? throw new InvalidOperationException($"{plant.File} keeps no log");
        try
        {
            var signer = ProcessVariables.Read(ProcessVariables.LogKey) is { } pem ? NoteSigner.Open(plan.Origin, NoteKeyKind.Ed25519, System.Text.Encoding.ASCII.GetBytes(pem))
                : makesKey ? NoteKeyFile.OpenOrCreate(plan.KeyPath, plan.Origin, NoteKeyKind.Ed25519)
                : NoteKeyFile.Open(plan.KeyPath, plan.Origin, NoteKeyKind.Ed25519);
            return new LogSetup(signer, plan, plant.Journal.OpenSource);
        }
        catch (NoteException e)
        {
            throw new PlantException($"{plant.File}: log: {e.Message}");
        }
    }

    public void Dispose()
    {
        Signer.Dispose();
        _http.Dispose();
    }
}
