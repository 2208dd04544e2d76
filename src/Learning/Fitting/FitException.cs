namespace Inspection.Learning.Fitting;

/// <summary>A fit that cannot give what was asked: the message says what, why and what can be had instead.</summary>
public sealed class FitException(string message) : Exception(message);
