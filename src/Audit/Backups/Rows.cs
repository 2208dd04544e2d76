using System.Data.Common;
using System.Globalization;
using Google.Protobuf;
using Inspection.Protocol.Wire;

namespace Inspection.Audit.Backups;

/// <summary>Columns that may be NULL, as protobuf's optional fields hold them: set, or not there.</summary>
internal static class Rows
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static int? Number(this DbDataReader row, int column) => row.IsDBNull(column) ? null : Convert.ToInt32(row.GetValue(column), CultureInfo.InvariantCulture);

    public static BackupRecord With(this BackupRecord row, string? tags, string? manifest, int? identifier, string? writer)
    {
        if (tags is not null)
        {
            row.Tags = tags;
        }

        if (manifest is not null)
        {
            row.Manifest = manifest;
        }

        if (identifier is { } number)
        {
            row.Identifier = number;
        }

        if (writer is not null)
        {
            row.WriterUuid = writer;
        }

        return row;
    }

    public static BackupSnapshot With(this BackupSnapshot row, byte[]? snapshot, string? manifest, int? identifier)
    {
        if (snapshot is not null)
        {
            row.Snapshot = UnsafeByteOperations.UnsafeWrap(snapshot);
        }

        if (manifest is not null)
        {
            row.Manifest = manifest;
        }

        if (identifier is { } number)
        {
            row.Identifier = number;
        }

        return row;
    }
}
