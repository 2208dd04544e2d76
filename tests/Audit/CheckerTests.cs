using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Inspection.Audit.Bundles;
using Inspection.Audit.Tests.Transparency;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Tests.Support;

namespace Inspection.Audit.Tests;

/// <summary>
/// A second checker, in another language, written from docs/bundle-format.md alone, says the same of a hundred bundles: 20 good ones, 60 that a
/// tamperer exported anew, 20 with one byte changed in a file.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CheckerTests : IDisposable
{
    private const int Good = 20;
    private const int Exported = 60;
    private const int Damaged = 20;

    private readonly TempFolder _folder = new();
    private readonly AuditKeys _keys = new();

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_second_checker_agrees_on_a_hundred_bundles()
    {
        File.WriteAllText(_folder["log.pub"], $"{_keys.Log.Verifier}\n");
        File.WriteAllText(_folder["witness.pub"], $"{_keys.Witness.Verifier}\n");
        var (wrong, seen) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, int>());
        _ = Parallel.For(0, Good + Exported + Damaged, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var plant = LoggedPlant.Make(i, _keys);
            var random = new Random(i);
            var what = i < Good ? "good"
                : i < Good + Exported ? new Tamperer(plant, random).Do(i % Tamperer.KindCount, clever: i % 2 == 0).What
                : "a byte changed in a file";
            var bundle = _folder[string.Create(CultureInfo.InvariantCulture, $"bundle{i}")];
            _ = BundleExporter.Export(plant, bundle, "tested", ExportFilter.Everything, TimeProvider.System);
            var held = _folder[string.Create(CultureInfo.InvariantCulture, $"held{i}.note")];
            File.WriteAllBytes(held, plant.Trust.Held[0].Note.ToBytes());
            if (i >= Good + Exported)
            {
                Damage(bundle, random);
            }

            var (first, why) = First(bundle, plant.Trust);
            var (second, said) = Second(bundle, held);
            _ = seen.AddOrUpdate($"{(i < Good ? "good" : "bad")}: {first}", 1, (_, n) => n + 1);
            if (first != second)
            {
                wrong.Add($"bundle {i} ({what}): {first} ({why}), and the second checker {second}: {said}");
            }
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.Equal(new Dictionary<string, int> { ["good: 0"] = Good, ["bad: 1"] = Exported + Damaged }, new Dictionary<string, int>(seen));
    }

    /// <summary>What is no bundle is none to both.</summary>
    [Fact]
    public void Both_refuse_what_is_no_bundle()
    {
        File.WriteAllText(_folder["log.pub"], $"{_keys.Log.Verifier}\n");
        File.WriteAllText(_folder["witness.pub"], $"{_keys.Witness.Verifier}\n");
        var plant = LoggedPlant.Make(1, _keys);
        File.WriteAllBytes(_folder["held.note"], plant.Trust.Held[0].Note.ToBytes());
        foreach (var (what, change) in new (string, Action<string>)[]
        {
            ("half", b => File.Delete(Path.Combine(b, "manifest.json"))),
            ("future", b => Replace(b, "inspection-bundle-1", "inspection-bundle-9")),
            ("path", b => Replace(b, "\"left\"", "\"../left\"")),
            ("gone", b => File.Delete(Path.Combine(b, "lines", "left.records"))),
            ("text", b => File.WriteAllText(Path.Combine(b, "manifest.json"), "no JSON")),
        })
        {
            _ = BundleExporter.Export(plant, _folder[what], "tested", ExportFilter.Everything, TimeProvider.System);
            change(_folder[what]);
            Assert.Equal(2, First(_folder[what], plant.Trust).Code);
            var (code, said) = Second(_folder[what], _folder["held.note"]);
            Assert.True(code == 2, $"{what}: {code}: {said}");
            Assert.DoesNotContain("Traceback", said, StringComparison.Ordinal);
        }
    }

    private static void Replace(string bundle, string from, string to)
    {
        var path = Path.Combine(bundle, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
    }

    private static void Damage(string bundle, Random random)
    {
        var files = Directory.GetFiles(bundle, "*.records", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var file = files[random.Next(files.Length)];
        var bytes = File.ReadAllBytes(file);
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(file, bytes);
    }

    private static (int Code, string Why) First(string bundle, LogTrust trust)
    {
        try
        {
            using var reader = BundleReader.Open(bundle);
            var report = JournalVerifier.Verify(reader, trust);
            return (report.IsGood ? 0 : 1, report.First?.ToString() ?? "");
        }
        catch (BundleException e)
        {
            return (2, e.Message);
        }
    }

    private (int Code, string Said) Second(string bundle, string held)
    {
        var said = new StringBuilder();
        using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "tests", "Audit", "checker", "check_bundle.py"), bundle, "--log-key", _folder["log.pub"], "--witness", _folder["witness.pub"], "--held", held])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = python.StandardError.ReadToEndAsync();
        _ = said.Append(python.StandardOutput.ReadToEnd()).Append(error.GetAwaiter().GetResult());
        python.WaitForExit();
        return (python.ExitCode, said.ToString());
    }
}
