using Inspection.Hostile.Tests.Models;
using Inspection.Hostile.Tests.Texts;

namespace Inspection.Hostile.Tests;

/// <summary>
/// The child process that reads what may end it: a native abort, a stack that overflows and memory that runs out are then seen from outside.
/// Prints a line a case before it reads it and a line after, so that the one that ended it is known.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        Func<string, string> read = args[0] switch
        {
            "packages" => ReadModels.Read,
            "plants" => ReadTexts.Plant,
            "nodes" => ReadTexts.Node,
            var other => throw new ArgumentException($"'{other}' is not known"),
        };
        foreach (var path in File.ReadLines(args[1]))
        {
            System.Console.WriteLine($"{Child.Begins}{path}");
            System.Console.WriteLine($"{Child.Ended}{read(path).ReplaceLineEndings(" ")}");
        }

        System.Console.WriteLine(Child.All);
        return 0;
    }
}
