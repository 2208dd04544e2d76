using Inspection.Protocol;

namespace Inspection.Simulation.Plants;

/// <summary>The people and scripts of a plant: activate recipe and models, let a line run again that its interlock stopped. Patient.</summary>
internal sealed class Operator(Plant plant)
{
    private readonly Queue<ILineMessage> _todo = new();
    private readonly NodeId _closer = new("closer");
    private ILineMessage? _asking;

    public void Begin()
    {
        _todo.Enqueue(new LineCommands.ActivateRecipe(PlantShape.Line, Models.Recipe(plant.Shape), "operator", "start"));
        Activate(plant.Models.Coarse[0]);
        Activate(plant.Models.Verifier);
        plant.Every(TimeSpan.FromMilliseconds(300), null, () =>
        {
            Ask();
            Resume();
            return true;
        });
        Ask();
    }

    public void Activate(ModelPolicy model) =>
        _todo.Enqueue(new LineCommands.ActivateModel(PlantShape.Line, model, "package", "{}", "", ModelActivated.SelfApproved, "operator", "start"));

    /// <summary>
    /// The plant starts once more with stations that trigger nothing: where a holder died or let its epoch go, that ends the epoch (rule J7).
    /// </summary>
    public void Close()
    {
        foreach (var epoch in plant.Auditor.Epochs.Values.Where(e => !e.IsEnded).ToArray())
        {
            plant.Supervisors.Line?.Receive(
                epoch.Holder == _closer
                    ? new LineCommands.ReleaseStation(PlantShape.Line, epoch.Station, epoch.Number, 0)
                    : new LineCommands.AcquireStation(PlantShape.Line, epoch.Station, _closer, "closer"),
                this);
        }
    }

    /// <summary>What the line answered, for a named history.</summary>
    public Action<ILineMessage>? Listens { get; set; }

    public void Hear(ILineMessage message)
    {
        Listens?.Invoke(message);
        if (message is LineReplies.Activated && _asking is not null)
        {
            _asking = null;
            Ask();
        }
    }

    private void Ask()
    {
        _asking ??= _todo.TryDequeue(out var next) ? next : null;
        if (_asking is { } asking)
        {
            plant.Supervisors.Line?.Receive(asking, this);
        }
    }

    /// <summary>Somebody looks after a second or two.</summary>
    private void Resume()
    {
        foreach (var station in plant.Shape.Stations)
        {
            if (InterlockChanged.IsStopped(plant.Auditor.Interlock(station.Station)) && (plant.IsHealed || plant.Random.Chance(0.2)))
            {
                plant.Supervisors.Line?.Receive(new LineCommands.ResumeStation(PlantShape.Line, station.Station, "operator", "looked at it"), this);
            }
        }
    }
}
