using System.Globalization;
using Inspection.Simulation;

// Runs seeds one after the other on the Inspection.Decisions.dll that lies beside it, and says where it is: who watches it must be able to
// name the seed that crashed or never ended. Arguments: first seed, count. Exit code 1: a violation; 0: none; anything else: it crashed.
var first = long.Parse(args[0], CultureInfo.InvariantCulture);
var count = long.Parse(args[1], CultureInfo.InvariantCulture);

// who watches holds its standard input open; without a watcher nobody would end a seed that never ends
new Thread(() =>
{
    while (Console.In.Read() >= 0)
    {
    }

    Environment.Exit(3);
})
{ IsBackground = true }.Start();

for (var seed = first; seed < first + count; seed++)
{
    Console.WriteLine($"seed {seed}");
    if (Simulator.ViolationOf(seed) is { } violation)
    {
        Console.WriteLine($"violation {violation.ReplaceLineEndings(" ")}");
        return 1;
    }
}

return 0;
