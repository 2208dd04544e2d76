using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>What a journal's log holds, while its plant runs.</summary>
internal static class LogStory
{
    /// <summary>Every checkpoint as it was signed; none where there is no journal yet.</summary>
    public static IReadOnlyList<string> Notes(string journal)
    {
        if (!File.Exists(journal))
        {
            return [];
        }

        using var source = SqliteJournal.Open(journal);
        return [.. source.LogChain().Select(r => r.Event).OfType<LogSigned>().Select(s => s.Note)];
    }
}
