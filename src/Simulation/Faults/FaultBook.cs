using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Faults;

/// <summary>Which faults a seed has, how often they fired and how often they met an open part.</summary>
internal sealed class FaultBook
{
    public static readonly int Kinds = Enum.GetValues<Fault>().Length;

    private readonly double[] _rates = new double[Kinds];
    private readonly long[] _fired = new long[Kinds];
    private readonly long[] _hitOpen = new long[Kinds];
    private readonly Rng _random;
    private readonly Func<int> _open;

    /// <summary>No fault by itself: what happens is scripted.</summary>
    public FaultBook(Rng random, Func<int> open) => (_random, _open) = (random, open);

    /// <summary>Swarm style: each fault is in a seed or is not, and then more or less often.</summary>
    public void Draw()
    {
        for (var i = 0; i < Kinds; i++)
        {
            _rates[i] = _random.Chance(0.35) ? 0.25 + (0.75 * _random.Share()) : 0;
        }
    }

    /// <summary>Somebody else brings the faults.</summary>
    public bool IsScripted { get; set; }

    public bool IsQuiet => !IsScripted && _rates.All(r => r == 0) && _fired.All(f => f == 0);

    public bool IsOver { get; set; }

    /// <summary>0 to 1: how often of the most.</summary>
    public double Rate(Fault fault) => IsOver ? 0 : _rates[(int)fault];

    /// <summary>Whether it fires now; counted where it does.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="most">The share of chances taken at rate 1.</param>
    public bool Fires(Fault fault, double most)
    {
        var rate = Rate(fault);
        if (rate == 0 || !_random.Chance(rate * most))
        {
            return false;
        }

        Count(fault);
        return true;
    }

    public void Count(Fault fault)
    {
        _fired[(int)fault]++;
        _hitOpen[(int)fault] += _open() > 0 ? 1 : 0;
    }

    public long Fired(Fault fault) => _fired[(int)fault];

    public long HitOpen(Fault fault) => _hitOpen[(int)fault];
}
