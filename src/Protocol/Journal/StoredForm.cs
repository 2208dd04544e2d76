namespace Inspection.Protocol;

/// <summary>What stands beside a record in the journal's row, constant for ever.</summary>
public static class StoredForm
{
    /// <summary>Akka's identifier of the serializer that passes <see cref="Sealed"/> through.</summary>
    public const int SerializerId = 4711;
}
