using Inspection.Audit.Transparency;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>New keys of a <see cref="LoggedPlant"/>'s log and of its witness.</summary>
internal sealed class AuditKeys : IDisposable
{
    public NoteSigner Log { get; } = NoteSigner.Open(LoggedPlant.Origin, NoteKeyKind.Ed25519, NoteSigner.NewKey());

    public NoteSigner Witness { get; } = NoteSigner.Open("witness.example/w1", NoteKeyKind.Cosignature, NoteSigner.NewKey());

    public void Dispose()
    {
        Witness.Dispose();
        Log.Dispose();
    }
}
