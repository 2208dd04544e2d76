using Google.Protobuf.Reflection;

namespace Inspection.Protocol.Tests;

/// <summary>
/// The wire contract as text, one fact a line: manifests, message fields, enumeration values. A fact that is gone or reads otherwise is
/// an incompatible change; a fact that is new is an addition.
/// </summary>
internal static class Contract
{
    public const string RewriteVariable = "INSPECTION_REWRITE_CONTRACT";

    public static bool MayRewrite => Environment.GetEnvironmentVariable(RewriteVariable) == "1";

    /// <summary>tests/Protocol/contract of this checkout, found upwards from where the tests run.</summary>
    public static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.Actors.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "Protocol", "contract");
            }
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Inspection.Actors.sln: run the tests inside the checkout");
    }

    /// <summary>The facts of the program as it is.</summary>
    public static IReadOnlyList<string> Current { get; } = [.. Facts().Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Read(string text) => [.. text.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0 && l[0] != '#')];

    /// <summary>Facts that were promised and do not hold any more.</summary>
    public static IReadOnlyList<string> Broken(IReadOnlyList<string> promised, IReadOnlyList<string> now) => [.. promised.Except(now)];

    /// <summary>Facts that nobody promised yet.</summary>
    public static IReadOnlyList<string> Added(IReadOnlyList<string> promised, IReadOnlyList<string> now) => [.. now.Except(promised)];

    private static IEnumerable<string> Facts()
    {
        yield return $"journal persistence-id = {PersistenceIds.Line(new LineId("NAME"))}";
        yield return $"journal serializer = {StoredForm.SerializerId}";
        yield return $"manifest {SealedSnapshot.Manifest} = {nameof(SealedSnapshot)}";
        foreach (var (manifest, type) in ProtocolCodec.Manifests)
        {
            yield return $"manifest {manifest} = {type.FullName} as {ProtocolCodec.DescriptorOf(manifest).FullName}";
        }

        foreach (var file in Files())
        {
            foreach (var fact in file.MessageTypes.SelectMany(FieldsOf).Concat(file.EnumTypes.SelectMany(ValuesOf)))
            {
                yield return fact;
            }
        }

        foreach (var type in typeof(ILineEvent).Assembly.GetExportedTypes().Where(t => t.IsEnum && t.Namespace == "Inspection.Protocol" && t != typeof(ChainFault)))
        {
            foreach (var value in Enum.GetValues(type))
            {
                yield return $"enum {type.FullName} {(int)value} {value}";
            }
        }
    }

    private static IEnumerable<FileDescriptor> Files() => ProtocolCodec.Manifests.Keys.Select(m => ProtocolCodec.DescriptorOf(m).File)
        .Append(Wire.JournalRecord.Descriptor.File)
        .Append(Wire.BackupFrame.Descriptor.File)
        .Append(Wire.WorkerMessage.Descriptor.File)
        .SelectMany(f => f.Dependencies.Append(f))
        .DistinctBy(f => f.Name);

    private static IEnumerable<string> FieldsOf(MessageDescriptor message) => message.Fields.InDeclarationOrder()
        .Select(f => $"field {message.FullName} {f.FieldNumber} {f.Name} {(f.IsRepeated ? "repeated " : "")}{TypeOf(f)}");

    private static IEnumerable<string> ValuesOf(EnumDescriptor type) => type.Values.Select(v => $"enum {type.FullName} {v.Number} {v.Name}");

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var type => type.ToString().ToLowerInvariant(),
    };
}
