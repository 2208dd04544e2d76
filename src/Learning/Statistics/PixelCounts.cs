namespace Inspection.Learning.Statistics;

/// <summary>
/// How many defect-free pixels lie at, and between, the scores of the defective ones. Exact; one table look-up and a short search a pixel.
/// </summary>
internal sealed class PixelCounts
{
    private const int TableBits = 20;
    private readonly uint[] _keys;
    private readonly int[] _defects;
    private readonly long[] _equal;
    private readonly long[] _below;
    private readonly int[] _table;
    private readonly int _shift;

    /// <param name="ascending">The keys of the defective pixels' scores (<see cref="FloatOrder"/>), with repeats; at least one.</param>
    public PixelCounts(ReadOnlySpan<uint> ascending)
    {
        var (keys, defects) = (new List<uint>(), new List<int>());
        foreach (var key in ascending)
        {
            if (keys.Count > 0 && keys[^1] == key)
            {
                defects[^1]++;
            }
            else
            {
                keys.Add(key);
                defects.Add(1);
            }
        }

        (_keys, _defects) = ([.. keys], [.. defects]);
        (_equal, _below) = (new long[_keys.Length], new long[_keys.Length + 1]);
        var span = (ulong)(_keys[^1] - _keys[0]) + 1;
        while (span >> _shift > 1UL << TableBits)
        {
            _shift++;
        }

        // bucket b starts at the first key whose distance from the lowest, shifted, is b or more
        _table = new int[(int)((span - 1) >> _shift) + 2];
        var at = 0;
        for (var b = 0; b < _table.Length; b++)
        {
            while (at < _keys.Length && (_keys[at] - _keys[0]) >> _shift < (uint)b)
            {
                at++;
            }

            _table[b] = at;
        }
    }

    /// <summary>Distinct scores of defective pixels.</summary>
    public int Count => _keys.Length;

    /// <summary>All defect-free pixels seen.</summary>
    public long Good { get; private set; }

    /// <summary>Defective pixels with the i-th score.</summary>
    public int DefectsAt(int i) => _defects[i];

    /// <summary>Defect-free pixels with exactly the i-th score.</summary>
    public long GoodAt(int i) => _equal[i];

    /// <summary>Defect-free pixels between the (i-1)-th score and the i-th, both excluded; i = Count: above all.</summary>
    public long GoodBelow(int i) => _below[i];

    /// <param name="mask">Not 0: defective, not counted here. Empty: all are defect-free.</param>
    public void AddGood(ReadOnlySpan<float> map, ReadOnlySpan<byte> mask, int pixels)
    {
        for (var p = 0; p < pixels; p++)
        {
            if (!mask.IsEmpty && mask[p] != 0)
            {
                continue;
            }

            Good++;
            var key = FloatOrder.Key(map[p]);
            if (key < _keys[0])
            {
                _below[0]++;
                continue;
            }

            if (key > _keys[^1])
            {
                _below[^1]++;
                continue;
            }

            var bucket = (int)((key - _keys[0]) >> _shift);
            var (low, high) = (_table[bucket], _table[bucket + 1]);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                _ = _keys[middle] < key ? low = middle + 1 : high = middle;
            }

            _ = low < _keys.Length && _keys[low] == key ? _equal[low]++ : _below[low]++;
        }
    }

    /// <summary>Mann-Whitney over pixels, a tie counting 1/2, in whole pairs.</summary>
    public double Auroc()
    {
        UInt128 twice = 0;
        long below = 0, defects = 0;
        for (var i = 0; i < _keys.Length; i++)
        {
            below += _below[i];
            twice += (UInt128)(ulong)_defects[i] * (ulong)((2 * below) + _equal[i]);
            below += _equal[i];
            defects += _defects[i];
        }

        return (double)twice / (2.0 * defects * Good);
    }
}
