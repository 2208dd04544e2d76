using Inspection.Protocol;
using Inspection.Vision.Models;

namespace Inspection.Hostile.Tests.Models;

/// <summary>In the child: one package, loaded as the product loads it, golden vectors and all. The signature may lack: what lies behind it is looked at.</summary>
internal static class ReadModels
{
    private static readonly PackageLoadOptions _options = new() { RequireSignature = false };

    public static string Read(string directory)
    {
        try
        {
            var package = ModelPackage.Load(directory, _options);
            return $"{Child.Taken}{package.Policy.ModelDigest} {Digest.Of(System.Text.Encoding.UTF8.GetBytes(package.ManifestText))}";
        }
        catch (PackageException e)
        {
            return Child.Refused + e.Message;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
