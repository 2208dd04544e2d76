namespace Inspection.Audit.Backups;

/// <summary>A backup that cannot be written, is not whole, or does not fit where it is to be restored. The command line exits 2.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
