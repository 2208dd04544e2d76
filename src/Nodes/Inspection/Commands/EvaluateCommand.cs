namespace Inspection.Commands;
internal static class EvaluateCommand { public static System.CommandLine.Command Create() => new("evaluate"); }
