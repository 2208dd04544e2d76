namespace Inspection.EndToEnd.Tests;

/// <summary>A journal that cannot be written. Each test mounts a small file system of its own and needs root for that.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class DiskTests(Fitted fitted)
{
    private const string Line = "stored";

    [Fact]
    public async Task A_read_only_journal_is_refused_and_named()
    {
        using var scratch = new Scratch();
        using var disk = new SmallDisk(scratch, megabytes: 16);
        var plant = await WriteAsync(scratch, disk, parts: 4);
        using (var first = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = (await first.EndAsync()).Expect(0);
        }

        Linux.RemountReadOnly(disk.Folder);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(3).Says(disk.Journal);
    }

    [Fact]
    public async Task A_full_disk_at_the_start_is_refused_and_the_next_run_goes_on()
    {
        using var scratch = new Scratch();
        using var disk = new SmallDisk(scratch, megabytes: 16);
        var plant = await WriteAsync(scratch, disk, parts: 4);
        disk.Fill();
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(3).Says(disk.Journal);
        disk.Free();
        var ended = (await InspectionProcess.RunAsync("run", "--plant", plant, "--json")).Expect(0);
        Assert.Contains("\"decided\": 4", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_the_middle_diverts_and_loses_nothing()
    {
        using var scratch = new Scratch();
        using var disk = new SmallDisk(scratch, megabytes: 16);
        var plant = await WriteAsync(scratch, disk, parts: 100_000);
        using (var first = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await first.UntilAsync(() => LineStory.TerminalSoFar(disk.Journal, Line), n => n >= 5, "5 parts are concluded");
            disk.Fill();
            _ = await first.UntilAsync(() => first.Error, e => e.Contains("full", StringComparison.OrdinalIgnoreCase), "it says that the disk is full");
            first.Send(Signal.Kill);
            _ = await first.EndAsync();
        }

        disk.Free();
        var before = LineStory.Read(disk.Journal, Line);
        EjectorLog.Agrees(before, PlantFile.EjectorLog(scratch, Line));

        // there is room again: it goes on after the last part seen, and what was open is accounted for
        using (var second = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await second.UntilAsync(() => LineStory.TerminalSoFar(disk.Journal, Line), n => n >= before.Accepted.Count + 5, "5 more parts are concluded");
            second.Send(Signal.Int);
            _ = (await second.EndAsync()).Expect(0);
        }

        var after = LineStory.Read(disk.Journal, Line);
        after.HasOneTerminalRecordEach();
        Assert.Equal(after.Accepted.Count, after.Accepted.Values.Distinct().Count());
        EjectorLog.Agrees(after, PlantFile.EjectorLog(scratch, Line));
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
    }

    [Fact]
    public async Task A_journal_that_another_process_writes_is_refused()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic(Line, await fitted.SmallCoarseAsync(), parts: 100_000));
        using var first = InspectionProcess.Start("run", "--plant", plant);
        _ = await first.UntilAsync(() => LineStory.AcceptedSoFar(PlantFile.Journal(scratch), Line), n => n > 0, "the first runs");
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(3).Says(PlantFile.Journal(scratch), "another process");

        // an auditor may read meanwhile, and the first goes on undisturbed
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
        first.Send(Signal.Term);
        _ = (await first.EndAsync()).Expect(0);
    }

    private async Task<string> WriteAsync(Scratch scratch, SmallDisk disk, int parts) => PlantFile.Write(
        scratch, $"journal: {{ sqlite: \"{disk.Journal}\" }}\n", [PlantLine.Synthetic(Line, await fitted.SmallCoarseAsync(), parts)]);

    /// <summary>A tmpfs of its own, with the journal on it.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(Scratch scratch, int megabytes)
        {
            Folder = Directory.CreateDirectory(scratch["disk"]).FullName;
            Linux.MountTmpfs(Folder, megabytes << 20);
        }

        public string Folder { get; }

        public string Journal => Path.Combine(Folder, "journal.db");

        private string Filler => Path.Combine(Folder, "filler");

        /// <summary>Until not one more byte fits.</summary>
        public void Fill()
        {
            using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[4096];
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // full: that is the aim
            }
        }

        public void Free() => File.Delete(Filler);

        public void Dispose() => Linux.Unmount(Folder);
    }
}
