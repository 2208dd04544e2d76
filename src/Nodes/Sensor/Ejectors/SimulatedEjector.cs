using System.Text.Json;
using Inspection.Decisions.Gate;

namespace Inspection.Nodes.Sensor.Ejectors;

/// <summary>
/// An ejector without a machine that keeps its own log, independent of the journal: one JSON object a line, written before the act counts.
/// </summary>
public sealed class SimulatedEjector : IEjector
{
    /// <summary>Rule G1: not fed for so long, it falls back to rest.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(1);

    private readonly StreamWriter _log;
    private TimeSpan _fedAt = TimeSpan.MinValue;

    public SimulatedEjector(string logPath)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(logPath)!);
        _log = new StreamWriter(new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public void Feed(TimeSpan now) => _fedAt = now;

    public bool? Pass(GateAct act, TimeSpan now)
    {
        var alive = _fedAt != TimeSpan.MinValue && now - _fedAt < Watchdog;
        Write(act, alive ? "pass" : "divert", alive ? act.Why : $"{act.Why}, but the watchdog was not fed");
        return alive;
    }

    public void Divert(GateAct act) => Write(act, "divert", act.Why);

    public void Begin(long epoch, bool stands)
    {
        // there is no machine that must hear of it
    }

    public void Halt(string why) => Write("halt", why);

    public void Run() => Write("run", "");

    public void Dispose() => _log.Dispose();

    private void Write(string what, string why) => _log.WriteLine(JsonSerializer.Serialize(new { utc = DateTime.UtcNow, act = what, why }));

    private void Write(GateAct act, string what, string why) => _log.WriteLine(JsonSerializer.Serialize(new
    {
        utc = DateTime.UtcNow,
        line = act.Key.Line.Value,
        station = act.Key.Station.Value,
        epoch = act.Key.Epoch,
        counter = act.Key.Counter,
        external_id = act.ExternalId,
        act = what,
        why,
    }));
}
