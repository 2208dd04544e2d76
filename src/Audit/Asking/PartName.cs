using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>A part as answers name it: LINE/EPOCH/COUNTER. An epoch is of one station only.</summary>
public readonly record struct PartName(LineId Line, long Epoch, long Counter)
{
    /// <exception cref="FormatException">The text is no such name.</exception>
    public static PartName Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 3 && Names.IsValid(parts[0])
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            ? new PartName(new LineId(parts[0]), epoch, counter)
            : throw new FormatException($"'{text}' is no part: a part is LINE/EPOCH/COUNTER, as reports and replays name it, for instance line1/1/42");
    }

    /// <summary>Whether this event is the part's terminal record.</summary>
    public bool IsConcludedBy(ILineEvent e) => e switch
    {
        PartConcluded x => x.Key.Epoch == Epoch && x.Key.Counter == Counter,
        PartsFellBack x => x.Epoch == Epoch && x.From <= Counter && Counter <= x.To,
        _ => false,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}/{Epoch}/{Counter}");
}
