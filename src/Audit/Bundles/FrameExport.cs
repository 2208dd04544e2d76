using System.Security.Cryptography;
using System.Text;
using Inspection.Protocol;

namespace Inspection.Audit.Bundles;

/// <summary>
/// Copies the frames that records name beside them, as they lie in the archive. One that is not there is left out: the verifier then says
/// whether it was erased by authority or is missing.
/// </summary>
internal sealed class FrameExport : IDisposable
{
    private readonly string _archive;
    private readonly string _folder;
    private readonly string _index;
    private readonly StreamWriter _written;
    private long _count;

    public FrameExport(string archive, string outDir)
    {
        (_archive, _folder, _index) = (archive, Path.Combine(outDir, FramesInBundle.Folder), Path.Combine(outDir, FramesInBundle.Index));
        _ = Directory.CreateDirectory(_folder);
        _written = new StreamWriter(new FileStream(_index, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(false)) { NewLine = "\n" };
    }

    public void Add(ILineEvent? e)
    {
        switch (e)
        {
            case PartConcluded x:
                foreach (var view in x.Views)
                {
                    Add(view.FrameDigest);
                }

                break;
            case LateEvidence x:
                Add(x.FrameDigest);
                break;
        }
    }

    public BundleFrames Finish()
    {
        _written.Dispose();
        using var index = File.OpenRead(_index);
        return new BundleFrames(_count, Convert.ToHexStringLower(SHA256.HashData(index)));
    }

    public void Dispose() => _written.Dispose();

    private void Add(Digest frame)
    {
        var from = Path.Combine(_archive, FrameFile.RelativePath(frame));
        var to = Path.Combine(_folder, FrameFile.RelativePath(frame));
        if (frame.IsNone || !File.Exists(from) || File.Exists(to))
        {
            return; // named twice is the verifier's to say
        }

        _ = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
        using var copied = File.OpenRead(to);
        _written.WriteLine($"{frame} {Convert.ToHexStringLower(SHA256.HashData(copied))}");
        _count++;
    }
}
