using System.Globalization;
using System.Net;
using Inspection.Protocol;
using Inspection.Tests.Support.Cluster;

namespace Inspection.EndToEnd.Tests;

/// <summary>A person's word on a part of a plant that runs: over its pages, with its key.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class ReviewTests(Fitted fitted)
{
    private const string Variable = "INSPECTION_ACCESS_KEY";

    [Fact]
    public async Task A_running_plant_takes_a_review_from_who_shows_its_key_and_from_nobody_else()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 100_000) with { Pace = "10/s", Travel = "3 s" });
        var port = Ports.Free();
        using var run = InspectionProcess.Start(With("the key"), ["run", "--plant", plant, "--port", port.ToString(CultureInfo.InvariantCulture)]);
        _ = await run.UntilAsync(() => PlantFile.Events<PartConcluded>(scratch).Count, n => n >= 3, "3 parts are concluded");
        var part = PlantFile.Events<PartConcluded>(scratch)[0];
        string[] review = ["review", $"line/{part.Key.Epoch}/{part.Key.Counter}", "--verdict", "NG", "--by", "anna", "--why", "scratched", "--plant", plant];
        string[] over = [.. review, "--to", $"http://localhost:{port}"];

        _ = (await InspectionProcess.RunAsync(over)).Expect(2).Says(Variable);
        _ = (await EndAsync("another", over)).Expect(2).Says("access key", "401");
        _ = (await InspectionProcess.RunAsync(review)).Expect(3).Says("--to");
        Assert.Empty(PlantFile.Events<PartReviewed>(scratch));

        _ = (await EndAsync("the key", over)).Expect(0);
        var recorded = Assert.Single(PlantFile.Events<PartReviewed>(scratch));
        Assert.Equal((part.Key, part.Conclusion, Verdict.Ng, "anna", "scratched"), (recorded.Key, recorded.Before, recorded.After, recorded.By, recorded.Why));
        _ = (await EndAsync("the key", [.. over[..1], "line/1/99999999", .. over[2..]])).Expect(2).Says("not concluded");

        // what is no review has no way in, with the key either
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = InspectionProcess.Deadline };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", "the key");
        var release = new LineCommands.ReleaseStation(part.Key.Line, part.Key.Station, part.Key.Epoch, 1);
        foreach (var (manifest, body) in new (string, byte[])[] { (ProtocolCodec.ManifestOf(release), ProtocolCodec.Encode(release)), ("CRP", [1, 2, 3]), ("nothing", []), ("PR", ProtocolCodec.Encode(recorded)) })
        {
            using var answer = await http.PostAsync(new Uri($"/people/{manifest}", UriKind.Relative), new ByteArrayContent(body));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using (var long_ = await http.PostAsync(new Uri("/people/CRP", UriKind.Relative), new ByteArrayContent(new byte[200_000])))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, long_.StatusCode);
        }

        run.Send(Signal.Int);
        _ = (await run.EndAsync()).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
    }

    [Fact]
    public async Task A_plant_without_a_key_takes_none_over_its_pages()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 100_000) with { Pace = "10/s", Travel = "3 s" });
        var port = Ports.Free();
        using var run = InspectionProcess.Start("run", "--plant", plant, "--port", port.ToString(CultureInfo.InvariantCulture));
        _ = await run.UntilAsync(() => PlantFile.Events<PartConcluded>(scratch).Count, n => n >= 1, "a part is concluded");
        var key = PlantFile.Events<PartConcluded>(scratch)[0].Key;
        _ = (await EndAsync("any", ["review", $"line/{key.Epoch}/{key.Counter}", "--verdict", "NG", "--by", "anna", "--why", "x", "--plant", plant, "--to", $"http://localhost:{port}"])).Expect(2).Says("403", Variable);
        run.Send(Signal.Int);
        _ = (await run.EndAsync()).Expect(0);
        Assert.Empty(PlantFile.Events<PartReviewed>(scratch));
    }

    private static Dictionary<string, string> With(string key) => new() { [Variable] = key };

    private static async Task<Ended> EndAsync(string key, IEnumerable<string> command)
    {
        using var process = InspectionProcess.Start(With(key), command);
        return await process.EndAsync();
    }
}
