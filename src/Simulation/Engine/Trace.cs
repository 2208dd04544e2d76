using System.Globalization;
using System.Runtime.CompilerServices;

namespace Inspection.Simulation.Engine;

/// <summary>What happened, as a hash over all of it (FNV-1a, 64 bits) and, where somebody reads it, as lines of text.</summary>
internal sealed class Trace(Agenda agenda, TextWriter? reader)
{
    private const ulong Prime = 1_099_511_628_211;

    public ulong Hash { get; private set; } = 14_695_981_039_346_656_037;

    public bool IsRead => reader is not null;

    /// <param name="who">Node or actor.</param>
    /// <param name="what">For people; it is not formatted unless somebody reads.</param>
    public void Say(string who, [InterpolatedStringHandlerArgument("")] ref TraceText what)
    {
        Add(agenda.Now.Ticks);
        Add(who);
        reader?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{agenda.Now.TotalSeconds,10:0.000000}  {who,-14} {what.Text}"));
    }

    public void Add(long number) => Hash = (Hash ^ (ulong)number) * Prime;

    public void Add(string text)
    {
        var hash = Hash;
        foreach (var c in text)
        {
            hash = (hash ^ c) * Prime;
        }

        Hash = hash;
    }
}

/// <summary>Literal parts go into the hash; numbers, too; whatever else is said is formatted only for a reader.</summary>
[InterpolatedStringHandler]
internal ref struct TraceText
{
    private readonly Trace _trace;
    private DefaultInterpolatedStringHandler _text;

    public TraceText(int literalLength, int formattedCount, Trace trace)
    {
        _trace = trace;
        _text = trace.IsRead ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public string Text => _text.ToStringAndClear();

    public void AppendLiteral(string text)
    {
        _trace.Add(text);
        if (_trace.IsRead)
        {
            _text.AppendLiteral(text);
        }
    }

    public void AppendFormatted(long number)
    {
        _trace.Add(number);
        if (_trace.IsRead)
        {
            _text.AppendFormatted(number);
        }
    }

    public void AppendFormatted<T>(T value)
    {
        if (_trace.IsRead)
        {
            _text.AppendFormatted(value);
        }
    }
}
