using Inspection.Simulation.Engine;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Faults;

/// <summary>Brings the faults of a seed to its plant, at moments of its own, until the plant heals.</summary>
internal sealed class Troubles(Plant plant)
{
    private readonly Rng _random = plant.Random.Fork();

    public void Begin()
    {
        Often(Fault.CrashSensor, 4, () => plant.Crash(_random.Pick(plant.Sensors).Node, _random.Ms(100, 5000)));
        Often(Fault.CrashWorker, 3, CrashWorker);
        Often(Fault.CrashSupervisor, 4, () => plant.Crash(plant.Supervisors.Host, _random.Ms(100, 4000)));
        Often(Fault.CrashJournal, 4, () => plant.Crash(plant.Journal.Node, _random.Ms(50, 3500)));
        Often(Fault.Delay, 1.5, Slow);
        Often(Fault.Partition, 2.5, () =>
        {
            var (a, b) = (_random.Pick(plant.Nodes), _random.Pick(plant.Nodes));
            plant.Network.Cut(a, b, _random.Ms(50, 4000));
        });
        Often(Fault.Pause, 2.5, () => plant.Pause(_random.Pick(plant.Nodes), _random.Chance(0.7) ? _random.Ms(20, 900) : _random.Ms(900, 5000)));
        Often(Fault.ClockJump, 2, () => _random.Pick(plant.Nodes).UtcSkew += _random.Ms(-3_600_000, 3_600_000));
        Begins(Fault.SlowDisk, 3, () => plant.Journal.SlowDisk(_random.Ms(200, 2500)));
        Begins(Fault.FullDisk, 4, () => plant.Journal.FillDisk(_random.Ms(20, 1500)));
        Often(Fault.Overload, 3, Overload);
        Often(Fault.ModelSwap, 4, Swap);
        Often(Fault.CameraRestart, 1, CameraFails);
    }

    /// <param name="fault">Which.</param>
    /// <param name="seconds">Mean time between two, at rate 1.</param>
    /// <param name="happen">What.</param>
    private void Often(Fault fault, double seconds, Action happen) => Begins(fault, seconds, () =>
    {
        plant.Faults.Count(fault);
        plant.Trace.Say("world", $"fault {(long)fault}");
        happen();
    });

    /// <summary>The fault counts itself where it meets something.</summary>
    private void Begins(Fault fault, double seconds, Action happen)
    {
        if (plant.Faults.Rate(fault) is var rate && rate > 0)
        {
            Later();
        }

        void Later() => plant.At(TimeSpan.FromSeconds(-Math.Log(1 - _random.Share()) * seconds / rate), null, () =>
        {
            if (!plant.Faults.IsOver)
            {
                happen();
                Later();
            }
        });
    }

    private void CrashWorker()
    {
        if (plant.Workers.Count > 0)
        {
            plant.Crash(_random.Pick(plant.Workers).Node, _random.Ms(100, 2500));
        }
    }

    private void Slow()
    {
        var (a, b) = (_random.Pick(plant.Nodes), _random.Pick(plant.Nodes));
        plant.Network.Slow(a, b, _random.Ms(100, 1500));
    }

    /// <summary>Rule W7: ten times slower workers are the same as ten times the parts.</summary>
    private void Overload()
    {
        foreach (var worker in plant.Workers)
        {
            worker.Slowdown = 10;
        }

        foreach (var sensor in plant.Sensors)
        {
            sensor.LocalTime = 120;
        }

        plant.At(_random.Ms(300, 2500), null, () =>
        {
            foreach (var worker in plant.Workers)
            {
                worker.Slowdown = 1;
            }

            foreach (var sensor in plant.Sensors)
            {
                sensor.Heal();
            }
        });
    }

    /// <summary>The line learns of the other model before or after its sensor nodes use it.</summary>
    private void Swap()
    {
        var next = plant.Models.Coarse[plant.Sensors[0].Package == plant.Models.Coarse[0].ModelDigest ? 1 : 0];
        plant.At(_random.Ms(0, 1500), null, () => plant.Operator.Activate(next));
        foreach (var sensor in plant.Sensors)
        {
            plant.At(_random.Ms(0, 1500), null, () => sensor.Package = next.ModelDigest);
        }
    }

    private void CameraFails()
    {
        CameraDevice[] cameras = [.. plant.Sensors.Where(s => s.Node.IsUp).SelectMany(s => s.Stations).SelectMany(s => s.Cameras)];
        if (cameras.Length == 0)
        {
            return;
        }

        var camera = _random.Pick(cameras);
        switch (_random.Next(3))
        {
            case 0:
                camera.Restart(_random.Ms(5, 1200));
                break;
            case 1:
                camera.MissesNext = true;
                break;
            default:
                camera.Extra();
                break;
        }
    }
}
