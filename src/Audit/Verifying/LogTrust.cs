using Inspection.Audit.Transparency;

namespace Inspection.Audit.Verifying;

/// <summary>What an auditor brings along and trusts. Nothing of it comes from what is verified.</summary>
/// <param name="LogKeys">Of the plant's log; several after a rotation. Empty: its signatures are not checked.</param>
/// <param name="Witnesses">Empty: cosignatures are not checked.</param>
/// <param name="Held">Checkpoints kept from earlier, with the names of their files.</param>
/// <param name="Partial">The bundle was asked for as a part of a plant: lines left out or cut off are no finding.</param>
public sealed record LogTrust(IReadOnlyList<NoteVerifier> LogKeys, IReadOnlyList<NoteVerifier> Witnesses, IReadOnlyList<(string File, SignedNote Note)> Held, bool Partial = false)
{
    public static readonly LogTrust None = new([], [], []);
}
