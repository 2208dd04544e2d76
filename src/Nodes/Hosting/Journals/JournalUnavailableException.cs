namespace Inspection.Nodes.Hosting.Journals;

/// <summary>The journal cannot be used: what, where, why and what to do. The command line exits 3.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
