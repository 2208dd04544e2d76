using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>Draws a good part: the master turned and shifted by the pose (bilinear, 16.16 fixed point), brushed, lit, with sensor noise.</summary>
internal static class PartPainter
{
    private const int One = 1 << 16;
    private const int Wrap = PartMaster.TextureSide - 1;

    /// <param name="pixels">[height, width] uint8 grey.</param>
    public static void Paint(PartMaster master, Pose pose, int width, int height, Span<byte> pixels)
    {
        var (stepX, stepY) = ((int)(pose.Cos * One), (int)(pose.Sin * One));
        var lightStep = (int)(pose.Light * pose.SlopeX / width * One);
        ref var brightness = ref MemoryMarshal.GetArrayDataReference(master.Brightness);
        ref var brush = ref MemoryMarshal.GetArrayDataReference(master.Brush);
        ref var streaks = ref MemoryMarshal.GetArrayDataReference(master.Streaks);
        ref var grain = ref MemoryMarshal.GetArrayDataReference(master.Grain);
        var (side, last) = (master.Side, master.Side - 2);
        for (var y = 0; y < height; y++)
        {
            var (mx, my) = pose.ToMaster(0.5f - (width / 2f), y + 0.5f - (height / 2f));
            var (u, v) = ((int)((mx + (side / 2f) - 0.5f) * One), (int)((my + (side / 2f) - 0.5f) * One));
            var light = (int)(pose.Light * (1 + (pose.SlopeY * ((y / (float)height) - 0.5f)) - (pose.SlopeX / 2)) * One);
            var grainRow = ((y + pose.GrainY) & Wrap) * PartMaster.TextureSide;
            var row = pixels.Slice(y * width, width);
            for (var x = 0; x < row.Length; x++)
            {
                var (ux, vy) = (Math.Clamp(u >> 16, 0, last), Math.Clamp(v >> 16, 0, last));
                var (fu, fv) = ((u >> 8) & 255, (v >> 8) & 255);
                var at = (vy * side) + ux;
                ref var corner = ref Unsafe.Add(ref brightness, at);
                var top = (corner * (256 - fu)) + (Unsafe.Add(ref corner, 1) * fu);
                var bottom = (Unsafe.Add(ref corner, side) * (256 - fu)) + (Unsafe.Add(ref corner, side + 1) * fu);
                var value = ((top * (256 - fv)) + (bottom * fv)) >> 8;
                var streak = Unsafe.Add(ref streaks, (((vy + pose.StreakY) & Wrap) * PartMaster.TextureSide) + ((ux + pose.StreakX) & Wrap));
                value += streak * Unsafe.Add(ref brush, at) << 1;
                value = (int)(((long)value * light) >> 16);
                value += Unsafe.Add(ref grain, grainRow + ((x + pose.GrainX) & Wrap)) << 5;
                row[x] = (byte)Math.Clamp((value + 128) >> 8, 0, 255);
                (u, v, light) = (u + stepX, v + stepY, light + lightStep);
            }
        }
    }

    /// <summary>Grey to the slightly warm grey of metal under a white lamp: [height, width, 3] from [height, width].</summary>
    public static void Tint(ReadOnlySpan<byte> grey, Span<byte> rgb)
    {
        for (var i = 0; i < grey.Length; i++)
        {
            var value = grey[i];
            rgb[3 * i] = value;
            rgb[(3 * i) + 1] = (byte)(value * 252 >> 8);
            rgb[(3 * i) + 2] = (byte)(((value * 236) + 2560) >> 8);
        }
    }
}
