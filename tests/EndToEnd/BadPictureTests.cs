using Inspection.Protocol;
using SkiaSharp;

namespace Inspection.EndToEnd.Tests;

/// <summary>Files that cannot be inspected, in a folder that runs beside good ones.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class BadPictureTests(Fitted fitted)
{
    /// <summary>Runtime, model and ring stay well below; 20,000 x 20,000 pixels of RGB alone would be 1,200 MB.</summary>
    private const long MostMemory = 900L << 20;

    /// <summary>File, and what its record must say.</summary>
    private static readonly Dictionary<string, string> Bad = new()
    {
        ["bomb.png"] = "20000 x 20000",
        ["cmyk.jpg"] = "CMYK",
        ["cut.jpg"] = "",
        ["cut.png"] = "",
        ["deep.png"] = "16 bits",
        ["empty.png"] = "empty",
        ["noise.bmp"] = "not a",
        ["nothing.png"] = "0 x 0",
        ["text.png"] = "not a",
    };

    [Fact]
    public async Task Each_ends_as_a_fallback_with_its_reason_and_the_good_ones_are_decided()
    {
        using var scratch = new Scratch();
        var good = Write(scratch["pictures"]);
        var plant = PlantFile.Write(scratch, PlantLine.OfFolder("mixed", await fitted.SmallCoarseAsync(), scratch["pictures"]));
        var peak = 0L;
        using var process = InspectionProcess.Start("run", "--plant", plant, "--json");
        _ = await process.UntilAsync(
            () =>
            {
                peak = process.HasExited ? peak : Math.Max(peak, Linux.PeakResidentBytes(process.Id));
                return LineStory.TerminalSoFar(PlantFile.Journal(scratch), "mixed");
            },
            n => n == Bad.Count + 1 + good.Length,
            "every file has its record");
        _ = (await process.EndAsync()).Expect(0);

        var story = LineStory.Read(PlantFile.Journal(scratch), "mixed");
        story.HasOneTerminalRecordEach();
        var records = story.Concluded.ToDictionary(c => c.ExternalId);
        Assert.Equal([.. Bad.Keys, "gone.png", .. good], records.Keys.ToHashSet());
        foreach (var (file, words) in Bad)
        {
            Assert.Equal((file, FallbackReason.Unreadable), (file, records[file].Conclusion.Fallback));
            Assert.True(records[file].Reason.Contains(words, StringComparison.OrdinalIgnoreCase), $"{file}: the reason should say '{words}': {records[file].Reason}");
            Assert.Contains(file, records[file].Reason, StringComparison.Ordinal);
        }

        Assert.Equal(FallbackReason.LostAtSource, records["gone.png"].Conclusion.Fallback);
        Assert.All(good, file => Assert.True(records[file].Conclusion.IsDecided, $"{file}: {records[file].Conclusion}, {records[file].Reason}"));
        Assert.InRange(peak, 1, MostMemory);
        EjectorLog.Agrees(story, PlantFile.EjectorLog(scratch, "mixed"));
    }

    /// <summary>Returns the good ones; among them a JPEG that is named .png, which reads.</summary>
    private string[] Write(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        void File(string name, ReadOnlySpan<byte> bytes) => System.IO.File.WriteAllBytes(Path.Combine(folder, name), bytes);
        var sources = Directory.GetFiles(Path.Combine(fitted.SmallTest, "good")).Order(StringComparer.Ordinal).Take(6).ToArray();
        foreach (var source in sources)
        {
            System.IO.File.Copy(source, Path.Combine(folder, Path.GetFileName(source)));
        }

        var png = System.IO.File.ReadAllBytes(sources[0]);
        using var picture = SKBitmap.Decode(png);
        using var encoded = picture.Encode(SKEncodedImageFormat.Jpeg, 95);
        var jpeg = encoded.ToArray();
        File("bomb.png", Pictures.PngHeader(20_000, 20_000));
        File("cmyk.jpg", Pictures.CmykJpeg(Fitted.SmallSide));
        File("cut.jpg", jpeg.AsSpan(0, jpeg.Length * 2 / 3));
        File("cut.png", png.AsSpan(0, png.Length * 2 / 3));
        File("deep.png", Pictures.Png16(Fitted.SmallSide));
        File("empty.png", []);
        File("noise.bmp", [.. Enumerable.Range(0, 5000).Select(i => (byte)((i * i) + 3))]);
        File("nothing.png", Pictures.PngHeader(0, 0));
        File("text.png", "no picture at all"u8);
        File("jpeg.png", jpeg);
        _ = System.IO.File.CreateSymbolicLink(Path.Combine(folder, "gone.png"), Path.Combine(folder, "never-there"));
        return [.. sources.Select(s => Path.GetFileName(s)), "jpeg.png"];
    }
}
