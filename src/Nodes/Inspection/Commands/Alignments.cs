using Inspection.Console;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Preparing;

namespace Inspection.Commands;

internal static class Alignments
{
    public static Alignment Choose(string word, ImageDataset data, Output output)
    {
        if (word != "auto")
        {
            return word == "axis" ? Alignment.Axis : Alignment.None;
        }

        var choice = AlignmentChoice.From(data);
        output.Line($"align auto: {choice.Why}");
        return choice.Alignment;
    }
}
