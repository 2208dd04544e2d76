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

    public void Add(ILineEvent e)
    {
        foreach (var named in NamedFrame.Of(e))
        {
            Add(named.Frame);
        }
    }

    public BundleFrames Finish()
    {
        _written.Dispose();
        return new BundleFrames(_count, FileDigest.Of(_index));
    }

    public void Dispose() => _written.Dispose();

    private void Add(Digest frame)
    {
        var from = Path.Combine(_archive, FrameFile.RelativePath(frame));
        var to = Path.Combine(_folder, FrameFile.RelativePath(frame));
        if (!File.Exists(from) || File.Exists(to))
        {
            return; // named twice is the verifier's to say
        }

        _ = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
        _written.WriteLine($"{frame} {FileDigest.Of(to)}");
        _count++;
    }
}
