using System.Text;
using Inspection.Protocol;

namespace Inspection.Learning.Datasets;

/// <summary>
/// The split of a folder that has none (rule 2 of evaluation.md: split before anything is drawn): every defect is a test picture, and of
/// the good groups those fifths whose name's hash says so. By hash, so that a picture added later moves no other.
/// </summary>
internal static class LabelledSplit
{
    private const int TestShare = 5;

    public static List<DatasetItem> Apply(IReadOnlyCollection<DatasetItem> items)
    {
        // a group with a defect in it is a test group: its good pictures may show the same part
        var test = items.Where(i => !i.IsGood).Select(i => i.Group).ToHashSet(StringComparer.Ordinal);
        var good = items.Where(i => i.IsGood && !test.Contains(i.Group)).Select(i => i.Group).Distinct().OrderBy(Hash).ToArray();
        var train = good.Where(g => Hash(g) % TestShare != 0).ToHashSet(StringComparer.Ordinal);
        if (train.Count == 0)
        {
            train = [.. good];
        }

        if (train.Count == 0)
        {
            throw new DatasetException("every good picture shares a group with a defect, so none can be learned from: correct the groups in manifest.csv");
        }

        return [.. items.Select(i => i with { Split = train.Contains(i.Group) ? DatasetSplit.Train : DatasetSplit.Test })];
    }

    private static ulong Hash(string group) => Convert.ToUInt64(Digest.Of(Encoding.UTF8.GetBytes(group)).ToString()[..16], 16);
}
