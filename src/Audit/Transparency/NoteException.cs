namespace Inspection.Audit.Transparency;

/// <summary>A signed note, checkpoint or key that cannot be read or does not verify; the message says what and why.</summary>
public sealed class NoteException(string message) : Exception(message);
