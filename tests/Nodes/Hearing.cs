using Inspection.Nodes.Hosting.Setup;

namespace Inspection.Nodes.Tests;

internal static class Hearing
{
    /// <summary>Answer by answer, until none has come for so long.</summary>
    public static async IAsyncEnumerable<object> UntilSilentAsync(this Answers answers, TimeSpan silence)
    {
        while (true)
        {
            object answer;
            try
            {
                answer = await answers.NextAsync(silence);
            }
            catch (TimeoutException)
            {
                yield break;
            }

            yield return answer;
        }
    }
}
