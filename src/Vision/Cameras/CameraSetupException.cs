namespace Inspection.Vision.Cameras;

/// <summary>A camera or part source cannot start as it is configured. The message says what, where, why and what to do; it is for people.</summary>
public sealed class CameraSetupException(string message, Exception? inner = null) : Exception(message, inner);
