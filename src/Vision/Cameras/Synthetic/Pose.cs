namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>How one part lies under one camera, and how it is lit: what differs between two pictures of good parts.</summary>
/// <param name="Cos">Of the turn, times the scale from picture to master.</param>
/// <param name="Light">Brightness factor at the centre.</param>
/// <param name="SlopeX">Relative change of the light from edge to edge.</param>
internal readonly record struct Pose(float Cos, float Sin, float ShiftX, float ShiftY, float Light, float SlopeX, float SlopeY, int StreakX, int StreakY, int GrainX, int GrainY)
{
    private const float MaxTurn = 0.07f;
    private const float MaxShift = 0.03f;

    public static Pose Draw(ref SeededStream random, int side)
    {
        var turn = random.Between(-MaxTurn, MaxTurn);
        var scale = random.Between(0.985f, 1.015f);

        // the series for sine and cosine: library functions may differ in the last bit between machines
        var square = turn * turn;
        var (cos, sin) = (scale * (1 - (square / 2) + (square * square / 24)), scale * turn * (1 - (square / 6)));
        return new Pose(
            cos,
            sin,
            random.Between(-MaxShift, MaxShift) * side,
            random.Between(-MaxShift, MaxShift) * side,
            random.Between(0.88f, 1.1f),
            random.Between(-0.14f, 0.14f),
            random.Between(-0.14f, 0.14f),
            random.Below(PartMaster.TextureSide),
            random.Below(PartMaster.TextureSide),
            random.Below(PartMaster.TextureSide),
            random.Below(PartMaster.TextureSide));
    }

    /// <summary>Picture to master, both from their centres.</summary>
    public (float X, float Y) ToMaster(float x, float y) => ((Cos * (x - ShiftX)) - (Sin * (y - ShiftY)), (Sin * (x - ShiftX)) + (Cos * (y - ShiftY)));

    /// <summary>Master to picture, both from their centres.</summary>
    public (float X, float Y) ToPicture(float x, float y)
    {
        var square = (Cos * Cos) + (Sin * Sin);
        return ((((Cos * x) + (Sin * y)) / square) + ShiftX, (((Cos * y) - (Sin * x)) / square) + ShiftY);
    }
}
