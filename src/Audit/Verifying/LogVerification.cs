using System.Globalization;

namespace Inspection.Audit.Verifying;

/// <summary>What the plant's log says (rule J8).</summary>
/// <param name="Signed">Leaves under the last checkpoint.</param>
/// <param name="SignedBy">The keys whose signatures were checked; empty: none was.</param>
/// <param name="Cosigned">Leaves under the last checkpoint that a given witness cosigned; null: no witness was given.</param>
/// <param name="CosignedUtc">When, by the witness's clock.</param>
/// <param name="CosignedBy">The witness.</param>
public sealed record LogVerification(
    string Origin,
    long Records,
    long Leaves,
    long Checkpoints,
    long Signed,
    string Root,
    IReadOnlyList<string> SignedBy,
    long? Cosigned,
    DateTimeOffset? CosignedUtc,
    string? CosignedBy)
{
    public override string ToString()
    {
        var signed = SignedBy is [] ? "signatures NOT checked (give --log-key)" : $"signed by {string.Join(", ", SignedBy)}";
        var cosigned = Cosigned is not { } size ? "cosignatures NOT checked (give --witness)"
            : CosignedBy is null ? "cosigned by none of the given witnesses"
            : string.Create(CultureInfo.InvariantCulture, $"{size} cosigned by {CosignedBy}, last at {CosignedUtc:yyyy-MM-dd HH:mm:ss} UTC");
        return string.Create(CultureInfo.InvariantCulture, $"log {Origin}: {Leaves} leaves, {Signed} of them under {Checkpoints} checkpoints, {signed}; {cosigned}");
    }
}
