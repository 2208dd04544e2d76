namespace Inspection.Learning.Statistics;

/// <summary>Floats as unsigned integers in the same order, so that they can be packed, sorted and counted as such. -0 and 0 are one value.</summary>
internal static class FloatOrder
{
    public static uint Key(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value + 0f);
        return (uint)(bits ^ ((bits >> 31) | int.MinValue));
    }
}
