namespace Inspection.Audit.Bundles;

/// <summary>A folder is no bundle, half a bundle, or one of another format (bad input: exit code 2). The message says what, where, why.</summary>
public sealed class BundleException : Exception
{
    public BundleException(string message)
        : base(message)
    {
    }

    public BundleException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
