using System.Text;

namespace Inspection.Learning.Datasets;

/// <summary>One line of comma-separated text (RFC 4180, without line breaks inside fields).</summary>
public static class CsvLine
{
    public static List<string> Split(string line)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted)
            {
                if (c != '"')
                {
                    _ = field.Append(c);
                }
                else if (i + 1 < line.Length && line[i + 1] == '"')
                {
                    _ = field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                _ = field.Clear();
            }
            else
            {
                _ = field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    /// <summary>The field as it is written: quoted only where it must be.</summary>
    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"").Replace('\n', ' ').Replace('\r', ' ')}\"";
}
