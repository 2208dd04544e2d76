namespace Inspection.Commands;
internal static class FitCommand { public static System.CommandLine.Command Create() => new("fit"); }
