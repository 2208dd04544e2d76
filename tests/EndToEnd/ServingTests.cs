using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Inspection.Tests.Support.Cluster;

namespace Inspection.EndToEnd.Tests;

/// <summary>--port: health and metrics of a running plant.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class ServingTests(Fitted fitted)
{
    [Fact]
    public async Task Health_and_metrics_answer_while_it_runs_and_conserve_the_parts()
    {
        using var scratch = new Scratch();
        var coarse = await fitted.SmallCoarseAsync();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("left", coarse, parts: 100_000), PlantLine.Synthetic("right", coarse, parts: 100_000, seed: 8));
        var port = Ports.Free();
        using var process = InspectionProcess.Start("run", "--plant", plant, "--port", port.ToString(CultureInfo.InvariantCulture));
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = InspectionProcess.Deadline };

        // each look is one scrape; the equation must hold in every one of them
        var scrapes = 0;
        _ = await process.UntilAsync(
            () => Get(http, "/metrics") is { } text ? Conserved(text, ref scrapes) : 0,
            accepted => accepted >= 20 && scrapes >= 5,
            "20 parts in the metrics and 5 scrapes");
        Assert.Equal("ready\n", Get(http, "/health/ready"));
        Assert.Equal("live\n", Get(http, "/health/live"));
        process.Send(Signal.Int);
        _ = (await process.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_the_next_run_is_not_blocked()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("served", await fitted.SmallCoarseAsync(), parts: 3));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant, "--port", port)).Expect(3).Says(port, "in use");
        var ended = (await InspectionProcess.RunAsync("run", "--plant", plant, "--json")).Expect(0);
        Assert.Contains("\"decided\": 3", ended.Out, StringComparison.Ordinal);
    }

    private static int Conserved(string metrics, ref int scrapes)
    {
        double Sum(string line, string name) => metrics.Split('\n')
            .Where(l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains($"line=\"{line}\"", StringComparison.Ordinal))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        var all = 0.0;
        foreach (var line in (string[])["left", "right"])
        {
            var (accepted, concluded, open) = (Sum(line, "inspection_parts_accepted"), Sum(line, "inspection_parts_concluded"), Sum(line, "inspection_parts_open"));
            Assert.True(accepted == concluded + open, $"line {line}: accepted {accepted} != concluded {concluded} + open {open}\n{metrics}");
            Assert.Equal(0, Sum(line, "inspection_conservation_imbalance"));
            Assert.True(concluded == 0 || Sum(line, "inspection_frames_total") > 0, $"the node itself must measure its frames\n{metrics}");
            all += accepted;
        }

        scrapes++;
        return (int)all;
    }

    private static string? Get(HttpClient http, string path)
    {
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, path));
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            return answer.IsSuccessStatusCode ? reader.ReadToEnd() : null;
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }
}
