using System.IO.Compression;
using System.Text;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>Files that are a picture and something else.</summary>
internal static class Polyglots
{
    private static readonly byte[][] Others =
    [
        Zip(),
        "<!DOCTYPE html><html><script>location='file:///etc/passwd'</script></html>"u8.ToArray(),
        "#!/bin/sh\nrm -rf \"$HOME\"\n"u8.ToArray(),
        "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"u8.ToArray(),
        "<?xml version='1.0'?><!DOCTYPE s [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&e;</svg>"u8.ToArray(),
        "<?php system($_GET['c']); ?>"u8.ToArray(),
        [(byte)'M', (byte)'Z', .. new byte[58], 64, 0, 0, 0, (byte)'P', (byte)'E', 0, 0],
        [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[57]],
        "GIF89a\u0001\0\u0001\0\u0080\0\0"u8.ToArray(),
        "RIFF\u0010\0\0\0WEBPVP8 "u8.ToArray(),
    ];

    /// <summary>Something else first: by its first bytes it is no picture.</summary>
    public static byte[] Before(byte[] picture, Random random) => [.. random.Of(Others), .. picture];

    /// <summary>Something else behind the picture's end: by its own format it is the picture.</summary>
    public static byte[] Behind(byte[] picture, Random random) => [.. picture, .. random.Of(Others)];

    /// <summary>A picture's signature, and then something else.</summary>
    public static byte[] SignatureOnly(byte[] picture, Random random) => [.. picture[..random.Of([2, 3, 4, 8])], .. random.Of(Others)];

    private static byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("../../evil.sh").Open();
            entry.Write(Encoding.ASCII.GetBytes("echo evil"));
        }

        return file.ToArray();
    }
}
