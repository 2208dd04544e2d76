using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Inspection.Architecture.Tests;

/// <summary>What a compiled assembly really uses, read from its metadata without loading it.</summary>
internal sealed record CompiledAssembly(string Name, IReadOnlyList<string> Assemblies, IReadOnlyList<string> Types, IReadOnlyList<string> Members)
{
    /// <summary>Types as "Namespace.Name", members as "Namespace.Name.Member"; only what lies outside the assembly.</summary>
    public static CompiledAssembly Of(ProjectFile project)
    {
        Assert.True(File.Exists(project.Assembly), $"{project.Assembly} is missing: build {project.Path} in {Repository.Configuration} first");
        using var file = File.OpenRead(project.Assembly);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return new CompiledAssembly(
            project.Name,
            [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))],
            [.. metadata.TypeReferences.Select(h => NameOf(metadata, h))],
            [.. metadata.MemberReferences
                .Select(metadata.GetMemberReference)
                .Where(m => m.Parent.Kind == HandleKind.TypeReference)
                .Select(m => $"{NameOf(metadata, (TypeReferenceHandle)m.Parent)}.{metadata.GetString(m.Name)}")]);
    }

    public override string ToString() => Name;

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
