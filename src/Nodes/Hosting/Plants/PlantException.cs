namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The plant file is wrong: what, where (file, line), why and what to do. The command line exits 2.</summary>
public sealed class PlantException(string message, Exception? inner = null) : Exception(message, inner);
