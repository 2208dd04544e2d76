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
/// <param name="Text">The code in question, its tokens with one space between.</param>
/// <param name="Now">What comes instead; empty where it is dropped.</param>
/// <param name="Nth">Among equal ones of the member, from 1.</param>
internal sealed record PlaceName(string File, string Member, Operator Operator, string Text, string Now, int Nth)
{
    /// <summary>Where the place stands among all: by chance, and the same every time for one seed.</summary>
    public string Rank(int seed) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{File}\n{Member}\n{Operator}\n{Text}\n{Now}\n{Nth}")));

    public override string ToString() => Operator switch
    {
        Operator.Negate => $"{File} {Member}: not ({Text})",
        Operator.Drop => $"{File} {Member}: without {Text}",
        _ => $"{File} {Member}: {Now} for {Text}",
    } + (Nth > 1 ? $" ({Nth})" : "");
}

/// <summary>A place and the change that the operator makes there.</summary>
internal sealed record Place(PlaceName Name, Change Change);
