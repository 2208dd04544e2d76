namespace Inspection.Hostile.Tests.Pictures;

/// <summary>What can be done to a file without knowing what it is.</summary>
internal static class AnyFile
{
    /// <summary>One to eight bits, anywhere.</summary>
    public static byte[] FlipBits(byte[] file, Random random)
    {
        var broken = (byte[])file.Clone();
        for (var flips = random.Next(1, 9); flips > 0; flips--)
        {
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
        }

        return broken;
    }

    /// <summary>A run of 1 to 256 bytes becomes noise, zeros, ones or a copy of another run.</summary>
    public static byte[] Overwrite(byte[] file, Random random)
    {
        var broken = (byte[])file.Clone();
        var length = Math.Min(broken.Length, 1 << random.Next(9));
        var run = broken.AsSpan(random.Next(broken.Length - length + 1), length);
        switch (random.Next(4))
        {
            case 0:
                random.NextBytes(run);
                break;
            case 1:
                run.Clear();
                break;
            case 2:
                run.Fill(0xFF);
                break;
            default:
                file.AsSpan(random.Next(file.Length - length + 1), length).CopyTo(run);
                break;
        }

        return broken;
    }

    public static byte[] Cut(byte[] file, int length) => file[..Math.Clamp(length, 0, file.Length - 1)];

    /// <summary>A run is taken out, or put in twice: what follows no longer lies where it was.</summary>
    public static byte[] Shift(byte[] file, Random random)
    {
        var length = Math.Min(file.Length / 2, 1 << random.Next(8));
        var at = random.Next(file.Length - length);
        return random.Next(2) == 0 ? [.. file[..at], .. file[(at + length)..]] : [.. file[..(at + length)], .. file[at..]];
    }

    public static T Of<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
