namespace Inspection.Commands;
internal static class InitCommand { public static System.CommandLine.Command Create() => new("init"); }
