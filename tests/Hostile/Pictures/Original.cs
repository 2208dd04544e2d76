using Inspection.Protocol;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>A real picture, as it is or encoded again without loss, and what the product made of it in a run of its own.</summary>
/// <param name="Line">Which line looks at it.</param>
/// <param name="Name">Of its file, without extension.</param>
/// <param name="Extension">With the dot.</param>
/// <param name="Conclusion">OK for the good ones that are used, NG for the defective ones.</param>
/// <param name="IsClear">It is rejected by a wide margin.</param>
internal sealed record Original(string Line, string Name, string Extension, byte[] Bytes, Conclusion Conclusion, bool IsClear)
{
    public bool IsGood => Conclusion.IsOk;
}

/// <summary>A file of the corpus.</summary>
/// <param name="Kind">What was done, for the table.</param>
/// <param name="Extension">Of its name; not always what it is.</param>
/// <param name="Bytes">Null where it is no plain file: then <paramref name="Make"/> makes it.</param>
/// <param name="Of">What it was made of; null for what never was a picture.</param>
/// <param name="Make">Given its path.</param>
internal sealed record Mutant(string Kind, string Extension, byte[]? Bytes, Original? Of, Action<string>? Make = null);
