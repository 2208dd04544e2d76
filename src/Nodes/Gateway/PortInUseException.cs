using System.Globalization;

namespace Inspection.Nodes.Gateway;

/// <summary>Another program listens on the port. The command line exits 3.</summary>
/// <param name="port">TCP.</param>
/// <param name="remedy">Where to choose another.</param>
/// <param name="inner">What the system said.</param>
public sealed class PortInUseException(int port, string remedy, Exception inner) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"port {port} is in use by another program; choose another with {remedy}"), inner);
