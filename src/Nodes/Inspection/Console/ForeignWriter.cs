using System.Text;
using Inspection.Audit;

namespace Inspection.Console;

/// <summary>Writes lines that hold text of a bundle or a journal from elsewhere: each stays one line, and a terminal obeys nothing in it.</summary>
internal sealed class ForeignWriter(TextWriter to) : TextWriter
{
    public override Encoding Encoding => to.Encoding;

    public override void WriteLine() => to.WriteLine();

    public override void WriteLine(string? value) => to.WriteLine(ForeignText.Visible(value ?? ""));

    public override void Write(string? value) => to.Write(ForeignText.Visible(value ?? ""));

    public override void Write(char value) => Write(value.ToString());
}
