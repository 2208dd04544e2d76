using System.Security.Cryptography;
using System.Text;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.ByOperator;

/// <summary>The three kinds of change that are made blindly.</summary>
internal enum Operator
{
    Negate,
    Drop,
    OffByOne,
}

/// <summary>
/// A place's name: by what it says, not by where it stands, so that an edit elsewhere changes neither the name nor what is chosen.
/// </summary>
/// <param name="File">Below src/Decisions.</param>
/// <param name="Member">The type and member with its parameters' types.</param>
/// <param name="Operator">What is done to it.</param>
/// <param name="Text">The code in question, without comments and line breaks.</param>
/// <param name="Now">What comes instead; empty where it is dropped.</param>
/// <param name="Nth">Among equal ones of the member, from 1.</param>
internal sealed record PlaceName(string File, string Member, Operator Operator, string Text, string Now, int Nth)
{
    /// <summary>Where the place stands among all: by chance, and the same every time for one seed.</summary>
    public string Rank(int seed) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{File}\n{Member}\n{Operator}\n{Text}\n{Now}\n{Nth}")));

    /// <summary>In a table that names the file elsewhere: the member without its parameters.</summary>
    public string Short => $"{Member.Split('(')[0].Split('.')[^1]}: {What}";

    public override string ToString() => $"{File} {Member}: {What}";

    private string What => Operator switch
    {
        Operator.Negate => $"not ({Text})",
        Operator.Drop => $"without {Text}",
        _ => $"{Now} for {Text}",
    } + (Nth > 1 ? $" ({Nth})" : "");
}

/// <summary>A place and the change that the operator makes there.</summary>
internal sealed record Place(PlaceName Name, Change Change);
